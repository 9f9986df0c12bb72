// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell on the terminal that the node was started on, as a human meets it. */
@Timeout(180)
class TerminalTest {
    private static final String PROMPT = "g! ";
    private static final Duration SOON = Duration.ofSeconds(60);
    @TempDir
    private Path directory = Path.of(".");

    private TerminalNode start(String bake) throws IOException {
        Path config = Files.writeString(directory.resolve("portunus.toml"), Rules.plain("web-one", Ports.free(), 9)
            + "\n[admin]\nlisten = \"127.0.0.1:0\"\n[deploy]\nbake = \"" + bake + "\"\n");
        return TerminalNode.start(List.of("--config", config.toString(), "--state-dir", directory.resolve("state").toString(),
            "--stats-socket", directory.resolve("stats.sock").toString()), directory);
    }

    @Test
    void helpCompletionAndWhatIsUnknownAreOurs() throws IOException {
        try (TerminalNode node = start("1s")) {
            node.awaits(PROMPT).types("ruls\r");
            node.awaits("did you mean 'rules'?").awaits(PROMPT).types("help rules\r");
            node.awaits("lists the rules with state").awaits(PROMPT).types("help\r");
            node.awaits("COMMAND").awaits("'help gogo'").awaits(PROMPT).types("targets -r we\t\r");
            node.awaits("127.0.0.1:9").awaits(PROMPT).types("rul\t\r");
            node.awaits("web-one").awaits(PROMPT).types("help gogo\r");
            node.awaits("SCOPE").awaits(PROMPT);

            assertThat(node.text()).doesNotContain("Exception");
        }
    }

    @Test
    void statisticsAreShownUntilAKeyEndsThemAndTheTerminalIsGivenBack() throws IOException {
        int port = Ports.free();
        try (Appliance appliance = Appliance.start(directory, Rules.plain("web-one", port, 9));
                TerminalNode view = TerminalNode.start(List.of("stats", "--socket", directory.resolve("stats.sock").toString()), directory)) {
            assertThat(appliance.process().isAlive()).isTrue();
            view.awaits("[Overview]").awaits("web-one").awaits("*:" + port).types("?").awaits("any key leaves it").types("x\r");
            view.awaits("127.0.0.1:9").types("q");

            assertThat(view.exitCode()).isZero();
            // The other screen is left, and the cursor is seen again.
            assertThat(view.screen()).contains("\u001b[?1049h").endsWith("\u001b[?1049l\u001b[23;0;0t").contains("\u001b[?25l", "\u001b[?12;25h");
        }
    }

    @Test
    void logLinesGoAboveThePrompt() throws IOException {
        try (TerminalNode node = start("1s")) {
            // The line of the start may come just before the first prompt, or just after it.
            node.awaits("standalone.started").types("\r").awaits(PROMPT);
            int before = node.text().length();
            Files.writeString(directory.resolve("portunus.toml"), "no = \"table\"\n");
            node.signals("HUP").awaits("config.reload_refused").types("status\r");
            node.awaits("listeners").awaits(PROMPT);

            assertThat(node.text().substring(before)).doesNotContain(PROMPT + "{");
        }
    }

    @Test
    void controlCEndsTheWaitingForAnUpgradeAndTheUpgradeGoesOn() throws IOException {
        Path jar = BundleJar.versioned(Distribution.bundle("flow.tls"), "0.1.1", directory.resolve("jars"));
        try (TerminalNode node = start("8s")) {
            node.awaits(PROMPT).types("upgrade " + jar + "\r");
            // Before that there is nothing whose waiting could end.
            Await.until("the upgrade is under way", SOON, () -> Files.exists(directory.resolve("state/jars"))
                && Objects.requireNonNull(directory.resolve("state/jars").toFile().list()).length > 0);
            node.presses("\u0003", "the upgrade goes on");
            node.awaits(PROMPT).presses("bundles\r", "baking").awaits(PROMPT).presses("changes\r", "bundle.upgrade  flow.tls");

            assertThat(node.text()).doesNotContain("Exception", "the node stops");
        }
    }
}
