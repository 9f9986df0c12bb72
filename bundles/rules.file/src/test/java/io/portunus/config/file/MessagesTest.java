// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is reported of mistakes that are often made: what to write instead, and once. */
class MessagesTest {
    private static final String RULE = "[[rule]]\nname = \"a\"\nlisten_port = 80\n";
    private static final String TARGET = "target = \"db:80\"\n";

    private static String message(String text) {
        assertThat(Texts.problems(text)).hasSize(1);
        return Texts.problems(text).getFirst().text();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        sni = "~a\\.b"              | write the text between single quotes, as in sni = '~a\\.b'
        proxy_protocol = 2          | write "v1" or "v2", in quotes
        sni = ["a.test", "b.test"]  | one name in quotes; for several names write a [[rule]] for each
        match = { kind = "http", name = ["a.test"] } | one name in quotes; for several names write a [[rule]] for each
        bind = "127.0.0.1"\\ndual_stack = true | 127.0.0.1 has clients of one family only; remove dual_stack
        bind = "0.0.0.0"\\ndual_stack = true   | or listen on :: with dual_stack = true for both
        dual_stack = false          | without bind clients of both families are taken
        """)
    void stateWhatToWrite(String line, String advice) {
        assertThat(message(RULE + TARGET + line.replace("\\n", "\n") + "\n")).contains(advice);
    }

    @Test
    void nameWithoutQuotes() {
        assertThat(message("[[rule]]\nname = a\nlisten_port = 80\n" + TARGET)).contains("write a text between quotes, as in name = \"web\"");
    }

    @Test
    void targetWithoutAPortIsReportedOnce() {
        assertThat(message(RULE + "target = \"127.0.0.1\"\n")).containsOnlyOnce("; write").startsWith("'127.0.0.1' has no port; write host:port or");
    }

    @Test
    void wordInCapitals() {
        assertThat(message("[global]\nlog_level = \"WARN\"\n" + RULE + TARGET)).contains("did you mean 'warn'?");
    }
}
