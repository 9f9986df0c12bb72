// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandaloneCommandTest {
    private final List<Invocation> seen = new ArrayList<>();
    private final List<StatsRequest> statsSeen = new ArrayList<>();

    private int run(String... arguments) {
        return Main.execute("1.2.3", invocation -> {
            seen.add(invocation);
            return ExitCode.OK;
        }, request -> {
            statsSeen.add(request);
            return ExitCode.FAILED;
        }, arguments);
    }

    @Test
    void hasDefaults() {
        assertThat(run()).isZero();

        assertThat(seen).containsExactly(
            new Invocation(Path.of("portunus.toml"), false, Optional.empty(), Optional.empty(), Optional.empty(), true, true,
                Optional.empty()));
    }

    @Test
    void takesEveryOption() {
        assertThat(run("-c", "a b.toml", "--check", "--log-level", "debug", "--log-format", "pretty", "--state-dir", "/s", "--no-shell", "--no-stats",
            "--stats-socket", "/run/s.sock")).isZero();

        assertThat(seen).containsExactly(new Invocation(Path.of("a b.toml"), true, Optional.of("debug"), Optional.of(LogFormat.PRETTY),
            Optional.of(Path.of("/s")), false, false, Optional.of(Path.of("/run/s.sock"))));
        assertThat(statsSeen).isEmpty();
    }

    @Test
    void laterOptionOverridesTheEarlier() {
        assertThat(run("--config", "a", "--config", "b")).isZero();

        assertThat(seen).extracting(Invocation::config).containsExactly(Path.of("b"));
    }

    @Test
    void statsHasADefaultSocketAndItsResultIsTheExitCode() {
        assertThat(run("stats")).isEqualTo(ExitCode.FAILED);
        assertThat(run("stats", "--socket", "/s", "--once")).isEqualTo(ExitCode.FAILED);
        assertThat(run("--stats-socket", "/of-the-daemon", "stats")).isEqualTo(ExitCode.FAILED);

        assertThat(statsSeen).containsExactly(new StatsRequest(Path.of("/run/portunus/standalone.sock"), false),
            new StatsRequest(Path.of("/s"), true), new StatsRequest(Path.of("/of-the-daemon"), false));
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
        assertThat(Main.execute("1.2.3", invocation -> {
            throw new LaunchException(ExitCode.USAGE, "The file is missing.");
        }, request -> ExitCode.OK)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void unknownFailureEndsWithOne() {
        assertThat(Main.execute("1.2.3", invocation -> {
            throw new IllegalStateException("boom");
        }, request -> ExitCode.OK)).isEqualTo(ExitCode.FAILED);
    }
}
