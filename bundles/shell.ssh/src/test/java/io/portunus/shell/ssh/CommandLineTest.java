// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void splitsAtBlanksAndKeepsWhatIsQuoted() {
        assertThat(CommandLine.words("  portunus:explain -p 443\t-s '*.a b' \"c|d\"e f\\ g '' \r\n"))
            .containsExactly("portunus:explain", "-p", "443", "-s", "*.a b", "c|de", "f g", "");
        assertThat(CommandLine.words(" \n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules | grep a", "rules; felix:lb", "rules & x", "$.context", "(bundle 0)", "{ rules }", "[] getClass", "rules > /tmp/x",
        "rules < x", "`rules`", "a=b", "rules #"})
    void refusesWhatGogoWouldInterpret(String line) {
        assertThatThrownBy(() -> CommandLine.words(line)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("one command and its words");
    }

    @Test
    void refusesOpenQuotesAndEndlessLines() {
        assertThatThrownBy(() -> CommandLine.words("rules 'a")).hasMessageContaining("is not closed");
        assertThatThrownBy(() -> CommandLine.words("a".repeat(CommandLine.MAX_LENGTH + 1))).hasMessageContaining("at most");
    }
}
