// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.launcher.role.Flag;
import io.portunus.launcher.role.Notice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts with what was deployed that come to no good end. */
class DeployedTest {
    private static final String GENERATION = """
        {"format": 1, "distribution": "1", "bundles": [
          {"name": "x.own", "version": "1.%d.0", "file": "x.own-1.0.0.jar", "sha256": "0", "start_level": 20, "serves": true}], "pins": []}
        """;
    @TempDir
    private Path state;
    private final List<Notice> notices = new ArrayList<>();

    @BeforeEach
    void deploy() throws Exception {
        Files.writeString(state.resolve(Generation.FILE), GENERATION.formatted(0));
    }

    private Deployed start(String... properties) {
        notices.clear();
        return Deployed.of(state, properties.length == 0 ? Map.of() : Map.of(properties[0], properties[1]), notices::add);
    }

    private static boolean leftOut(Deployed deployed) {
        return deployed.into(Map.of()).containsKey(Flag.WITHOUT_DEPLOYED.property());
    }

    private void fail() throws Exception {
        start().begin();
    }

    @Test
    void isLeftOutAfterTwoStartsThatFailed() throws Exception {
        fail();
        assertThat(leftOut(start())).isFalse();
        fail();

        assertThat(leftOut(start())).isTrue();
        assertThat(notices).singleElement().satisfies(notice -> {
            assertThat(notice.event()).isEqualTo("generation.left_out");
            assertThat(notice.message()).contains("x.own 1.0.0").contains(StartAttempts.FILE);
        });
    }

    @Test
    void staysLeftOutWhileNobodyChangesWhatIsDeployed() throws Exception {
        fail();
        fail();
        Deployed without = start();
        without.begin();
        without.end();
        assertThat(leftOut(start())).isTrue();

        Files.writeString(state.resolve(Generation.FILE), GENERATION.formatted(1));
        assertThat(leftOut(start())).isFalse();
    }

    @Test
    void isTriedAgainIfTheStartWithoutItFailsAsWell() throws Exception {
        fail();
        fail();
        fail();

        assertThat(leftOut(start())).isFalse();
        fail();
        assertThat(leftOut(start())).isFalse();
        fail();
        assertThat(leftOut(start())).isTrue();
    }

    @Test
    void startsThatSucceedAndThoseThatTheConfigurationEndsDoNotCount() throws Exception {
        fail();
        Deployed good = start();
        good.begin();
        good.end();
        fail();
        assertThat(leftOut(start())).isFalse();
        Deployed excused = start();
        excused.begin();
        excused.excuse();
        fail();

        assertThat(leftOut(start())).isFalse();
    }

    @Test
    void isLeftOutForOneStartIfAnOperatorAsksForThat() throws Exception {
        Deployed without = start(Flag.WITHOUT_DEPLOYED.property(), Flag.WITHOUT_DEPLOYED.value());
        without.begin();

        assertThat(leftOut(without)).isTrue();
        assertThat(notices).singleElement().satisfies(notice -> assertThat(notice.message()).contains("--without-deployed"));
        assertThat(state.resolve(StartAttempts.FILE)).doesNotExist();
        assertThat(leftOut(start())).isFalse();
    }

    @Test
    void withoutAnythingDeployedNothingIsCounted() throws Exception {
        Files.delete(state.resolve(Generation.FILE));
        fail();
        fail();
        fail();

        assertThat(state.resolve(StartAttempts.FILE)).doesNotExist();
        assertThat(leftOut(start())).isFalse();
        assertThat(notices).isEmpty();
    }
}
