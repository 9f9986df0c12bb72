// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.rules.file.ParsedConfig.AccessSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** C12. */
class TomlAccessLogTest {
    private static final String RULE = "[[rule]]\nname = \"web\"\nlisten_port = 8080\ntarget = \"10.0.0.1:80\"\n";

    private static AccessSettings read(String text) {
        return ((ConfigOutcome.Valid) ConfigFile.parse(text + RULE)).config().log().access();
    }

    private static String problem(String text) {
        return ((ConfigOutcome.Invalid) ConfigFile.parse(text + RULE)).problems().getFirst().text();
    }

    @Test
    void aTruthValueIsEnough() {
        assertThat(read("access_log = true\n")).isEqualTo(TomlAccessLog.DEFAULTS).isEqualTo(read(""));
        assertThat(read("access_log = false\n").enabled()).isFalse();
    }

    @Test
    void aTableSaysMore() {
        assertThat(read("[access_log]\npath = \"/var/log/p.log\"\nmax_size = \"1GiB\"\nkeep = 0\nfields = [\"peer\", \"timestamp\"]\n"))
            .isEqualTo(new AccessSettings(true, "file", "/var/log/p.log", 1L << 30, 0, List.of("peer", "timestamp"), "127.0.0.1:514"));
        assertThat(read("access_log = { enabled = false, max_size = \"0\" }\n"))
            .isEqualTo(new AccessSettings(false, "file", "", 0, 4, List.of(), "127.0.0.1:514"));
        assertThat(read("[access_log]\nto = \"syslog\"\nsyslog = \"[::1]:5514\"\n").syslog()).isEqualTo("[::1]:5514");
    }

    @Test
    void saysWhatToDoInstead() {
        assertThat(problem("access_log.fields = [\"pier\"]\n")).contains("did you mean 'peer'?");
        assertThat(problem("access_log = { to = \"syslog\", syslog = \"/dev/log\" }\n")).contains("imudp");
        assertThat(problem("access_log = \"on\"\n")).contains("write true or false without quotes, or a table, [access_log]");
        assertThat(problem("access_log.keep = 2\naccess_log.to = \"stdout\"\n")).contains("write to = \"file\", or remove it");
        assertThat(problem("access_log.max_size = \"64MB\"\n")).contains("as in \"64MiB\"");
    }
}
