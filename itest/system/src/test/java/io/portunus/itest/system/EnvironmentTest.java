// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process is given by who starts it: signals, descriptors, a locale, a state folder, ports that others have, memory. */
@Timeout(300)
class EnvironmentTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int HUP = 1;
    private static final int USUAL_PORT = 7080;
    /** Starts it with the file and the state of the folder. */
    private static final String EXEC = "exec \"$1\" -c \"$2/p.toml\" --state-dir \"$2/state\" --no-shell --no-stats ";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void signalsThatMeanNothingToItEndNothingAndHangUpReloads() throws IOException {
        int port = Ports.free();
        try (Backend echo = Backend.echo();
                Appliance appliance = Appliance.start(folder, "[global]\nlog_level = \"debug\"\n" + Rules.plain("web", port, echo.port()))) {
            for (String signal : List.of("USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "PWR", "PIPE", "16", "34", "64", "HUP")) {
                appliance.signal(signal);
            }

            Await.until("SIGHUP reloads", SOON, () -> appliance.errors().contains("signal:SIGHUP"));
            exchange(port);
            assertThat(appliance.process().isAlive()).isTrue();
        }
    }

    @Test
    void hangUpsFromTheBeginningOnEndNoStartAndAreRemembered() throws IOException {
        write("[global]\nlog_level = \"debug\"\n" + admin() + rule());

        try (Shell shell = Shell.run(folder, EXEC)) {
            Path address = folder.resolve("state/admin.address");
            Await.until("it has begun", SOON, () -> shell.ignores(HUP));
            while (address.toFile().length() == 0 && shell.process().isAlive()) {
                Tool.run("", List.of("kill", "-HUP", Long.toString(shell.process().pid())));
            }

            shell.awaitWords("signal:SIGHUP");
            assertThat(shell.ignores(HUP)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"})
    void aDescriptorThatIsClosedIsNoJar(String closed) throws IOException {
        write(admin() + rule());

        try (Shell shell = Shell.run(folder, EXEC + closed)) {
            shell.awaitFile(folder.resolve("state/admin.address"));

            List<String> places = List.of(folder.resolve("out.log").toString(), folder.resolve("err.log").toString(), "/dev/null");
            assertThat(List.of(shell.descriptor(0), shell.descriptor(1), shell.descriptor(2))).allMatch(places::contains);
        }
    }

    @Test
    void aPipeThatNobodyReadsStopsNeitherTheStartNorTheEnd() throws IOException {
        write(admin() + rule());

        try (Shell shell = Shell.run(folder, "mkfifo \"$2/full\" && exec 3<>\"$2/full\" && head -c 65536 /dev/zero >&3; " + EXEC + "2>&3 >&3")) {
            shell.awaitFile(folder.resolve("state/admin.address"));
            Await.until("it is ready", SOON, () -> health() == 200);

            shell.process().destroy();
            assertThat(shell.exitCode()).isZero();
        }
    }

    /** A name as UTF-8, written by the shell, since the tests' own JVM may not be able to. */
    @Test
    void namesThatAreNoAsciiNeedNoLocale() throws IOException {
        write(admin() + rule());

        try (Shell shell = Shell.run(folder, """
            odd=$2/$(printf 'h\\303\\266hle \\346\\226\\207')
            mkdir "$odd" && cp -R "$(dirname "$1")/.." "$odd/portunus" && mv "$2/p.toml" "$odd/p.toml" && cd "$odd" || exit 9
            LC_ALL=C exec "$odd/portunus/bin/portunus-standalone" -c "$odd/p.toml" --state-dir "$odd/state" --no-shell --no-stats
            """)) {
            shell.awaitWords("is forwarding");

            shell.process().destroy();
            assertThat(shell.exitCode()).isZero();
        }
    }

    @Test
    void aPipeInPlaceOfTheFileIsRefusedEverywhereAndTheNextFileIsTaken() throws IOException {
        int port = Ports.free();
        Path pipe = folder.resolve("pipe");
        assertThat(Tool.run("", List.of("mkfifo", pipe.toString())).exitCode()).isZero();
        for (String more : List.of("--check", "--no-shell")) {
            Appliance.Finished refused = Appliance.run(folder, List.of("--config", pipe.toString(), more));
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err()).contains("no regular file");
        }

        try (Backend echo = Backend.echo(); Appliance appliance = Appliance.start(folder, Rules.plain("web", port, echo.port()))) {
            Files.move(pipe, folder.resolve("portunus.toml"), StandardCopyOption.ATOMIC_MOVE);
            assertThat(appliance.post("/v1/reload").statusCode()).isEqualTo(422);
            assertThat(appliance.post("/v1/reload").body()).contains("io_error").contains("no regular file");
            appliance.signal("HUP");

            appliance.configure(Rules.plain("other", port, echo.port()));

            Await.until("the next file is taken", SOON, () -> appliance.get("/v1/rules").body().contains("other"));
            exchange(port);
        }
    }

    @Test
    void aPipeThatSomebodyWritesCanBeChecked() throws IOException {
        write(rule());

        Shell good = Shell.run(folder, "cat \"$2/p.toml\" | \"$1\" --check -c /dev/stdin");
        assertThat(good.exitCode()).isZero();
        Shell started = Shell.run(folder, "cat \"$2/p.toml\" | \"$1\" -c /dev/stdin --state-dir \"$2/state\"");

        assertThat(started.exitCode()).isEqualTo(2);
        assertThat(started.errors()).contains("add --check");
    }

    @Test
    void aSurfaceWhosePortNobodyNamedGivesWay() throws Exception {
        write("[shell]\n" + rule());

        // Whoever has the port already does as well.
        try (ServerSocket mine = new ServerSocket()) {
            bind(mine);
            try (Shell shell = Shell.run(folder, EXEC)) {
                shell.awaitWords("is forwarding");

                assertThat(shell.errors()).contains("admin.default_port_taken").doesNotContain("127.0.0.1:7080; token");
                assertThat(health()).isEqualTo(200);
                assertThat(shell.errors()).contains(address());
            }
        }
    }

    @Test
    void aRuleMayHaveTheAdminSurfacesUsualPortAndOneThatIsNamedStaysFatal() throws Exception {
        write("[[rule]]\nname = \"web\"\nlisten_port = 7080\ntarget = \"127.0.0.1:9\"\n");
        assertThat(Appliance.run(folder, List.of("--check", "-c", folder.resolve("p.toml").toString())).exitCode()).isZero();

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write("[admin]\nlisten = \"127.0.0.1:" + taken.getLocalPort() + "\"\n" + rule());
            Shell named = Shell.run(folder, EXEC);

            assertThat(named.exitCode()).isEqualTo(1);
            assertThat(named.errors()).contains("port_in_use").contains("admin.listen");
        }
    }

    @Test
    void aStateFolderThatCannotBeOneGetsItsSentence() throws IOException {
        write(rule());
        Path file = Files.writeString(folder.resolve("file"), "");

        Appliance.Finished isFile = start("--state-dir", file.toString());
        Appliance.Finished belowFile = start("--state-dir", file.resolve("below").toString());
        Appliance.Finished empty = start("--state-dir=");

        assertThat(isFile.err()).contains("file is a file; name a directory with --state-dir").doesNotContain("Exception");
        assertThat(belowFile.err()).contains(file.toString()).contains("--state-dir").doesNotContain("Exception");
        assertThat(List.of(isFile.exitCode(), belowFile.exitCode(), empty.exitCode())).containsExactly(1, 1, 2);
        assertThat(empty.err()).contains("it is empty");
    }

    @Test
    void outOfMemoryEndsTheProcessWithThree() throws IOException {
        write(admin() + rule());

        Shell small = Shell.run(folder, "PORTUNUS_JAVA_OPTS='-Xms10m -Xmx10m -Xmn4m' && export PORTUNUS_JAVA_OPTS && " + EXEC);

        assertThat(small.exitCode()).isEqualTo(3);
    }

    @Test
    void aLimitOfAddressSpaceThatNoJvmStartsInGetsItsSentence() throws IOException {
        write(admin() + rule());

        Shell small = Shell.run(folder, "ulimit -v 400000; " + EXEC);

        assertThat(small.exitCode()).isEqualTo(1);
        assertThat(small.errors()).contains("ulimit -v");
    }

    private Appliance.Finished start(String... words) {
        List<String> all = new ArrayList<>(List.of("-c", folder.resolve("p.toml").toString(), "--no-shell"));
        all.addAll(List.of(words));
        return Appliance.run(folder, all);
    }

    private void write(String toml) throws IOException {
        Files.writeString(folder.resolve("p.toml"), toml);
    }

    private static String admin() {
        return "[admin]\nlisten = \"127.0.0.1:0\"\n";
    }

    private static String rule() {
        return Rules.plain("web", Ports.free(), 9);
    }

    private static void bind(ServerSocket socket) {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), USUAL_PORT));
        } catch (IOException taken) {
            assertThat(taken).hasMessageContaining("in use");
        }
    }

    private String address() {
        try {
            return Files.readString(folder.resolve("state/admin.address")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int health() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address() + "/healthz")).timeout(SOON).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void exchange(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(5);
            assertThat(socket.getInputStream().read()).isEqualTo(5);
        }
    }
}
