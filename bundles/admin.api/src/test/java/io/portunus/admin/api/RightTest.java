// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RightTest {
    @ParameterizedTest
    @ValueSource(strings = {"rules.read", "a.b.c", "flow_log.read_2"})
    void isWordsWithDotsBetweenThem(String name) {
        assertThat(new Right(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rules", ".read", "rules.", "rules..read", "Rules.read", "rules.*", "*", "rules read", "1.a"})
    void isNothingElse(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Right(name));
    }

    @Test
    void isHeldByWhoHasItOrEveryOne() {
        Right read = new Right("rules.read");
        Right change = new Right("rules.change");

        assertThat(Principal.of("ann", "user", Set.of(read)).holds(read)).isTrue();
        assertThat(Principal.of("ann", "user", Set.of(read)).holds(change)).isFalse();
        assertThat(Principal.withEveryRight("local", "token").holds(new Right("anything.later"))).isTrue();
    }
}
