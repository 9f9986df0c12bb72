// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The commands of the guides for authors, one after the other as they stand there: those of the shell typed on the terminal of a node, all others run
 * by sh. Only what a reader has to replace is replaced: folders of the distribution and of the state, the address, and {@code /path/to}.
 */
@Timeout(600)
class GuideCommandsTest {
    /** Commands are in blocks that name no language. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern JAR = Pattern.compile("[a-z]+-(\\d+\\.\\d+\\.\\d+)\\.jar");
    private static final String PROMPT = "g! ";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int SECONDS = 300;

    private final int port = Ports.free();
    private final int other = Ports.free();
    private final List<String> run = new ArrayList<>();
    private Path work = Path.of(".");
    private Path folder = work;
    private String bundle = "";
    private AuthorsMaven maven;
    private Backend backend;
    private TerminalNode node;
    /** A flow that began with the first version, as long as that is to drain. */
    private Socket held = new Socket();

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        work = directory;
        folder = directory;
        maven = new AuthorsMaven(Distribution.home());
        backend = Backend.naming("backend");
        tools();
        configure("");
        node = TerminalNode.start(List.of("--config", work.resolve("portunus.toml").toString(), "--state-dir", state().toString(),
            "--stats-socket", work.resolve("stats.sock").toString()), work);
        node.awaits(PROMPT);
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
        held.close();
        backend.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"a-bundle-of-ones-own, com.acme.greet, greeter, match = { kind = \"greet\" }",
        "a-policy-of-ones-own, com.acme.seats, seated, policies.seats = { flows = 5 }"})
    void everyCommandOfTheGuideWorks(String guide, String name, String rule, String setting) throws IOException {
        bundle = name;
        configure(Rules.plain(rule, port, backend.port()) + setting + "\n");
        type("portunus:reload");

        for (String command : commands(guide)) {
            perform(command);
            run.add(command);
        }

        assertThat(node.text()).doesNotContain("Exception", "not found");
        assertThat(run).anyMatch(c -> c.startsWith("mvn ")).anyMatch(c -> c.startsWith("curl ")).anyMatch(c -> c.startsWith("portunus:upgrade "))
            .anyMatch(c -> c.startsWith("portunus:remove "));
    }

    private Path state() {
        return work.resolve("state");
    }

    /** A file has one rule at least. */
    private void configure(String rules) throws IOException {
        Files.writeString(work.resolve("portunus.toml"), rules + Rules.plain("other", other, 9)
            + "[admin]\nlisten = \"127.0.0.1:0\"\n[deploy]\nbake = \"500ms\"\n");
    }

    /** The author's Maven is called mvn, and a curl that is answered by a problem fails. */
    private void tools() throws IOException {
        Path program = Files.createDirectories(work.resolve("bin")).resolve("mvn");
        Files.writeString(program, "#!/bin/sh\nexec '" + String.join("' '", maven.command()) + "' -B -q \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(work.resolve(".curlrc"), "fail-with-body\nsilent\nshow-error\n");
    }

    /** One line a command, without what is said about it. */
    private static List<String> commands(String guide) throws IOException {
        Path page = Path.of(AuthorsMaven.property("portunus.guides"), guide + ".md");
        String blocks = BLOCK.matcher(Files.readString(page)).results().filter(b -> b.group(1).isEmpty()).map(b -> b.group(2))
            .collect(Collectors.joining());
        return blocks.replaceAll("\\\\\n\\s*", "").lines().map(line -> line.replaceAll("\\s+# .*", "").strip())
            .filter(line -> !line.isEmpty() && !line.startsWith("export PORTUNUS=")).toList();
    }

    /** What the text around a command has its reader do first; then the command itself. */
    private void perform(String command) throws IOException {
        Matcher jar = JAR.matcher(command);
        boolean deploys = jar.find() && !command.startsWith("mvn");
        if (deploys && bundles().contains(deployed(jar.group(1)))) {
            type("portunus:remove " + bundle + " --force");
            Await.until("the version is gone", SOON, () -> !bundles().contains(bundle));
        }
        if (command.startsWith("portunus:upgrade") && bundles().contains(bundle)) {
            held = new Socket(InetAddress.getLoopbackAddress(), port);
            held.setSoTimeout(10_000);
            assertThat(Streams.line(held.getInputStream())).isEqualTo("backend");
        }
        if (command.startsWith("portunus:rollback")) {
            held.close();
        }
        if (command.startsWith("portunus:remove")) {
            configure("");
            type("portunus:reload");
        }
        if (command.startsWith("portunus:")) {
            type(command.replace("/path/to", folder.resolve("target").toString()));
        } else if (command.startsWith("cd ")) {
            folder = folder.resolve(command.substring("cd ".length()));
        } else {
            sh(command);
        }
        if (deploys) {
            Await.until("the version is there after " + command, SOON, () -> bundles().contains(deployed(jar.group(1))));
        }
    }

    private static String deployed(String version) {
        return "\"" + version + "\"";
    }

    private String bundles() {
        return sh("curl -H \"Authorization: Bearer $(cat STATE/admin.token)\" http://127.0.0.1:7080/v1/bundles");
    }

    private void type(String command) throws IOException {
        node.types(command + "\r").awaits(PROMPT).types("echo \"refused=[${portunus.refused}]\"\r").awaits("refused=[]").awaits(PROMPT);
    }

    private String sh(String command) {
        try {
            String address = Files.readString(state().resolve("admin.address")).strip();
            String line = command.replace("STATE", state().toString()).replace("127.0.0.1:7080", address);
            ProcessBuilder prepared = new ProcessBuilder("sh", "-ec", line).directory(folder.toFile());
            prepared.environment().merge("PATH", work.resolve("bin").toString(), (path, own) -> own + ":" + path);
            prepared.environment().put("CURL_HOME", work.toString());
            Tool.Said said = Tool.run(prepared, Distribution.home(), SECONDS);
            assertThat(said.exitCode()).as(command + "\n" + said.text()).isZero();
            return said.text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
