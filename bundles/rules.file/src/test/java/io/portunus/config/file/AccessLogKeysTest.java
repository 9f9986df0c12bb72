// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** C12. */
class AccessLogKeysTest {
    private static final String RULE = "[[rule]]\nname = \"web\"\nlisten_port = 8080\ntarget = \"10.0.0.1:80\"\n";

    private static Map<String, Object> read(String text) {
        return Declared.table(((Reading.Good) WholeFile.parse(text + RULE, Declared.GRAMMAR, Map.of())).config(), "access_log");
    }

    private static String problem(String text) {
        return ((Reading.Bad) WholeFile.parse(text + RULE, Declared.GRAMMAR, Map.of())).problems().getFirst().text();
    }

    @Test
    void aTruthValueIsEnough() {
        assertThat(read("access_log = true\n")).isEmpty();
        assertThat(read("")).isEmpty();
        assertThat(read("access_log = false\n")).isEqualTo(Map.of("enabled", false));
    }

    @Test
    void aTableSetsMore() {
        assertThat(read("[access_log]\npath = \"/var/log/p.log\"\nmax_size = \"1GiB\"\nkeep = 0\nfields = [\"peer\", \"timestamp\"]\n"))
            .isEqualTo(Map.of("path", "/var/log/p.log", "max_size", 1L << 30, "keep", 0, "fields", List.of("PEER", "TIMESTAMP")));
        assertThat(read("access_log = { enabled = false, max_size = \"0\" }\n"))
            .isEqualTo(Map.of("enabled", false, "max_size", 0L));
        assertThat(read("[access_log]\nto = \"syslog\"\nsyslog = \"[::1]:5514\"\n")).isEqualTo(Map.of("to", "syslog", "syslog", "[::1]:5514"));
    }

    @Test
    void statesWhatToDoInstead() {
        assertThat(problem("access_log.fields = [\"pier\"]\n")).contains("did you mean 'peer'?");
        assertThat(problem("access_log = { to = \"syslog\", syslog = \"/dev/log\" }\n")).contains("imudp");
        assertThat(problem("access_log = \"on\"\n")).contains("write true or false without quotes, or a table, [access_log]");
        assertThat(problem("access_log.keep = 2\naccess_log.to = \"stdout\"\n")).contains("it is for to = \"file\"; write that, or remove it");
        assertThat(problem("access_log.max_size = \"64MB\"\n")).contains("as in \"64MiB\"");
    }
}
