// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileConfigurationTest {
    private static final String GOOD = "global.label = \"edge-1\"\n[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"db:80\"\n";

    private final FakeConfigurations configurations = new FakeConfigurations();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aGoodFileConfiguresEveryPid() throws Exception {
        ConfigInForce loaded = load(GOOD + "[limits]\nmax_peeks = 7\n", Map.of("portunus.version", "1.2.3"));

        assertThat(loaded.problems()).isEmpty();
        assertThat(configurations.pushed).isEqualTo(Map.of(
            "io.portunus.access_log", Map.of("enabled", true, "to", "file", "path", "", "max.size", 67_108_864L, "keep", 4, "fields", List.of(),
                "syslog", "127.0.0.1:514"),
            "io.portunus.admin", Map.of("listen", "127.0.0.1:7080", "dual.stack", false, "fallback", true, "host", List.of()),
            "io.portunus.deploy", Map.of("lost.loop", "exit", "require.signed", false, "signers", List.of(), "bake", 10_000L, "max.versions", 3),
            "io.portunus.dns", Map.of("servers", List.of(), "timeout.ms", 3000L, "min.ttl.ms", 5000L, "max.ttl.ms", 300_000L, "stale.ms", 30_000L,
                "negative.ttl.ms", 3000L, "max.names", 8192, "max.lookups", 64, "deny", List.of()),
            "io.portunus.limits", Map.of("max.connections", 0L, "max.peeks", 7, "max.buffer.bytes", 0L),
            "io.portunus.log", Map.of("level", "warn", "format", "json"),
            "io.portunus.stats", Map.of("enabled", true, "socket.path", "/run/portunus/standalone.sock", "fallback", true, "refresh.ms", 1000L),
            "io.portunus.transport", Map.of("name", "auto", "start", "all")));
        assertThat(configurations.deleted).containsExactly("io.portunus.shell");
        assertThat(loaded.label()).isEqualTo("edge-1");
        assertThat(loaded.version()).isEqualTo("1.2.3");
        assertThat(loaded.startedAt()).isBefore(Instant.now());
    }

    @ParameterizedTest
    @CsvSource({"'\"edge-1.example.com\"', edge-1.example.com", "'[\"edge-1.example.com\", \"edge-1\"]', edge-1.example.com edge-1", "[], ''"})
    void theAdminSurfaceMayHaveOneNameOrSeveral(String written, String names) throws Exception {
        load(GOOD + "[admin]\nhost = " + written + "\n", Map.of());

        assertThat(configurations.pushed.get("io.portunus.admin")).containsEntry("host", names.isEmpty() ? List.of() : List.of(names.split(" ")));
    }

    @Test
    void aShellIsConfiguredIfTheFileHasTheTable() throws Exception {
        load(GOOD + "[shell]\nlisten = \"127.0.0.1:0\"\n", Map.of());

        assertThat(configurations.pushed.get("io.portunus.shell"))
            .isEqualTo(Map.of("listen", "127.0.0.1:0", "dual.stack", false, "fallback", false,
                "authorized.keys", ""));
        assertThat(configurations.deleted).isEmpty();
    }

    @Test
    void howBundlesAreReplacedIsConfiguredAsWritten() throws Exception {
        load(GOOD + "[deploy]\nrequire_signed = true\nsigners = [\"/a.pem\", \"/b.pem\"]\nbake = \"2m\"\nmax_versions = 2\n", Map.of());

        assertThat(configurations.pushed.get("io.portunus.deploy"))
            .isEqualTo(Map.of(
                "lost.loop", "exit", "require.signed", true, "signers", List.of("/a.pem", "/b.pem"), "bake", 120_000L,
                "max.versions", 2));
    }

    @Test
    void namesAndTransportAreConfiguredAsWritten() throws Exception {
        load("global.transport = \"epoll\"\n" + GOOD + "[dns]\nservers = [\"192.0.2.53\", \"[2001:db8::1]:5353\"]\nstale = \"250ms\"\n", Map.of());

        assertThat(configurations.pushed.get("io.portunus.transport")).isEqualTo(Map.of("name", "epoll", "start", "all"));
        assertThat(configurations.pushed.get("io.portunus.dns")).containsEntry("servers", List.of("192.0.2.53:53", "[2001:db8::1]:5353"))
            .containsEntry("stale.ms", 250L);
    }

    @Test
    void theLaunchersWordOnStatisticsWins() throws Exception {
        String file = GOOD + "[stats]\nenabled = true\nsocket_path = \"/a.sock\"\nrefresh_ms = 250\n";

        load(file, Map.of("portunus.stats", "off", "portunus.stats.socket", "/b.sock"));
        assertThat(configurations.pushed.get("io.portunus.stats"))
            .isEqualTo(Map.of("enabled", false, "socket.path", "/b.sock", "fallback", false, "refresh.ms", 250L));

        load(file, Map.of("portunus.stats", "", "portunus.stats.socket", ""));
        assertThat(configurations.pushed.get("io.portunus.stats"))
            .isEqualTo(Map.of("enabled", true, "socket.path", "/a.sock", "fallback", false, "refresh.ms", 250L));
    }

    @Test
    void aSocketThatNobodyNamedMayBeElsewhere() throws Exception {
        load(GOOD, Map.of());
        assertThat(configurations.pushed.get("io.portunus.stats")).containsEntry("fallback", true);

        load(GOOD, Map.of("portunus.stats.socket", "/b.sock"));
        assertThat(configurations.pushed.get("io.portunus.stats")).containsEntry("fallback", false);
    }

    @Test
    void wrongWordsOfTheLauncherOnStatisticsAreReported() throws Exception {
        ConfigInForce loaded = load(GOOD, Map.of("portunus.stats", "no", "portunus.stats.socket", "b.sock"));

        assertThat(loaded.problems()).extracting(p -> p.code().code() + " " + p.path() + ": " + p.text()).containsExactly(
            "invalid_value --no-stats: 'no' is none of off; write one of them",
            "invalid_value --stats-socket: 'b.sock' is not an absolute path; write the path of the socket from the root on");
    }

    @Test
    void theLaunchersOptionsWin() throws Exception {
        load("global.log_level = \"info\"\n" + GOOD, Map.of("portunus.log.level", "debug", "portunus.log.format", "pretty"));

        assertThat(configurations.pushed.get("io.portunus.log")).containsEntry("level", "debug").containsEntry("format", "pretty");
    }

    @Test
    void aBadFileConfiguresNothingAndTakesAwayWhatAnEarlierRunLeft() throws Exception {
        ConfigInForce loaded = load("nonsense = 1\n" + GOOD, Map.of());

        assertThat(configurations.pushed).isEmpty();
        assertThat(configurations.deleted).containsExactlyInAnyOrder("io.portunus.access_log", "io.portunus.admin", "io.portunus.limits",
            "io.portunus.deploy", "io.portunus.shell", "io.portunus.dns", "io.portunus.stats", "io.portunus.transport", "io.portunus.log");
        assertThat(loaded.report()).isEqualTo(ProblemLine.of(folder.resolve("portunus.toml").toString(), loaded.problems().getFirst()));
        assertThat(loaded.label()).isNotEmpty();
    }

    @Test
    void wrongOptionsAreReportedTogetherWithTheFile() throws Exception {
        ConfigInForce loaded = load("nonsense = 1\n" + GOOD, Map.of("portunus.log.level", "loud", "portunus.log.format", "xml"));

        assertThat(loaded.problems()).extracting(p -> p.path()).containsExactly("--log-level", "--log-format", "nonsense");
    }

    @Test
    void withoutAFileThereIsASentence() {
        ConfigInForce loaded = ConfigInForce.load(key -> Optional.empty(), () -> Declared.GRAMMAR, new ConfigPush(configurations.admin()));

        assertThat(loaded.report()).contains("io_error").contains("--config");
    }

    @Test
    void aStoreThatCannotBeWrittenIsAProblem() throws Exception {
        configurations.unwritable = "*";

        assertThat(load(GOOD, Map.of()).report()).contains("io_error: the configuration cannot be stored (disk full)");
    }

    private ConfigInForce load(String text, Map<String, String> options) throws IOException {
        Path file = Files.writeString(folder.resolve("portunus.toml"), text);
        return ConfigInForce.load(key -> key.equals("portunus.config") ? Optional.of(file.toString()) : Optional.ofNullable(options.get(key)),
            () -> Declared.GRAMMAR, new ConfigPush(configurations.admin()));
    }
}
