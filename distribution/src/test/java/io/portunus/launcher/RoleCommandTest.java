// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.launcher.role.Role;
import io.portunus.launcher.role.StandaloneRole;
import io.portunus.launcher.role.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleCommandTest {
    private static final Role STANDALONE = new StandaloneRole().get();
    private final List<Map<String, String>> seen = new ArrayList<>();
    private final List<Map<String, String>> statsSeen = new ArrayList<>();

    private int run(String... arguments) {
        return execute(invocation -> {
            seen.add(invocation.properties());
            return ExitCode.OK;
        }, (tool, invocation) -> {
            assertThat(tool.name()).isEqualTo("stats");
            statsSeen.add(invocation.properties());
            return ExitCode.FAILED;
        }, arguments);
    }

    private static int execute(ToIntFunction<Invocation> action, ToIntBiFunction<Tool, Invocation> tools, String... arguments) {
        return Launcher.execute(new RoleCommand(STANDALONE, action, tools).parser("1.2.3"), arguments);
    }

    @Test
    void hasDefaults() {
        assertThat(run()).isZero();

        assertThat(seen).containsExactly(Map.of("portunus.config", "portunus.toml"));
    }

    @Test
    void takesEveryOption() {
        assertThat(run("-c", "a b.toml", "--check", "--log-level", "debug", "--log-format", "pretty", "--state-dir", "/s", "--no-shell", "--no-stats",
            "--stats-socket", "/run/s.sock")).isZero();

        assertThat(seen).containsExactly(Map.of("portunus.config", "a b.toml", "portunus.check", "only", "portunus.log.level", "debug",
            "portunus.log.format", "pretty", "portunus.state", "/s", "portunus.shell", "off", "portunus.stats", "off",
            "portunus.stats.socket", "/run/s.sock"));
        assertThat(statsSeen).isEmpty();
    }

    @Test
    void laterOptionOverridesTheEarlier() {
        assertThat(run("--config", "a", "--config", "b")).isZero();

        assertThat(seen).containsExactly(Map.of("portunus.config", "b"));
    }

    @Test
    void statsHasTheSocketOfTheRoleAndItsResultIsTheExitCode() {
        assertThat(run("stats")).isEqualTo(ExitCode.FAILED);
        assertThat(run("stats", "--socket", "/s", "--once")).isEqualTo(ExitCode.FAILED);
        assertThat(run("--stats-socket", "/of-the-daemon", "stats")).isEqualTo(ExitCode.FAILED);
        assertThat(run("--stats-socket", "/of-the-daemon", "stats", "--socket", "/s")).isEqualTo(ExitCode.FAILED);

        assertThat(statsSeen).containsExactly(Map.of("portunus.config", "portunus.toml"),
            Map.of("portunus.config", "portunus.toml", "portunus.stats.socket", "/s", "portunus.stats.once", "yes"),
            Map.of("portunus.config", "portunus.toml", "portunus.stats.socket", "/of-the-daemon"),
            Map.of("portunus.config", "portunus.toml", "portunus.stats.socket", "/s"));
        assertThat(seen).isEmpty();
    }

    @Test
    void statsRefusesWhatItDoesNotKnow() {
        assertThat(run("stats", "--twice")).isEqualTo(ExitCode.USAGE);
        assertThat(run("stats", "--help")).isZero();
        assertThat(statsSeen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense", "--log-format=xml", "--log-level=loud", "--config", "stray", "--state-dir=",
        "--config=", "--stats-socket= "})
    void wrongUsageEndsWithTwo(String argument) {
        assertThat(run(argument)).isEqualTo(ExitCode.USAGE);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version", "-V"})
    void helpAndVersionEndWithZeroAndRunNothing(String argument) {
        assertThat(run(argument)).isZero();
        assertThat(seen).isEmpty();
    }

    @Test
    void sentenceOfAFailureGivesItsOwnExitCode() {
        assertThat(execute(invocation -> {
            throw new LaunchException(ExitCode.USAGE, "The file is missing.");
        }, (tool, invocation) -> ExitCode.OK)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void unknownFailureEndsWithOne() {
        assertThat(execute(invocation -> {
            throw new IllegalStateException("boom");
        }, (tool, invocation) -> ExitCode.OK)).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aClassThatIsNoRoleIsASentence() {
        assertThatThrownBy(() -> Main.role("no.such.Role")).isInstanceOf(LaunchException.class).hasMessageContaining("portunus.role");
        assertThatThrownBy(() -> Main.role("java.lang.Object")).isInstanceOf(LaunchException.class).hasMessageContaining("java.lang.Object");
        assertThat(Main.role(StandaloneRole.class.getName()).usage().command()).isEqualTo("portunus-standalone");
    }
}
