// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static io.portunus.config.file.Texts.RULE;
import static io.portunus.config.file.Texts.brief;
import static io.portunus.config.file.Texts.problems;
import static io.portunus.config.file.Texts.sentences;
import static io.portunus.config.file.Texts.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file sets of the node besides its rules: look-ups, statistics, transport, limits. */
class NodeKeysTest {
    @Test
    void lookUpsAreReadAsWritten() {
        assertThat(Declared.table(valid(RULE + "[dns]\nservers = [\"192.0.2.53\", \"192.0.2.53:54\", \"2001:db8::1\", \"[2001:db8::1]:5353\"]\n"
            + "timeout = \"60s\"\nmin_ttl = \"1s\"\nmax_ttl = \"24h\"\nstale = \"0s\"\nnegative_ttl = \"1h\"\nmax_names = 65536\nmax_lookups = 1024\n"
            + "deny = [\"10.0.0.0/8\", \"::1\"]\n"), "dns")).isEqualTo(Map.of(
                "servers", List.of("192.0.2.53:53", "192.0.2.53:54", "[2001:db8::1]:53", "[2001:db8::1]:5353"), "timeout", 60_000L, "min_ttl", 1000L,
                "max_ttl", 86_400_000L, "stale", 0L, "negative_ttl", 3_600_000L, "max_names", 65_536, "max_lookups", 1024,
                "deny", List.of("10.0.0.0/8", "::1/128")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[dns]\n", "[dns]\nservers = []\n"})
    void withoutMoreLookUpsHaveTheirDefaults(String table) {
        assertThat(Declared.table(valid(RULE + table), "dns")).isEmpty();
        assertThat(valid(RULE + table).settings().value("dns.timeout")).contains(3000L);
    }

    @Test
    void statisticsAreReadAsWritten() {
        assertThat(Declared.table(valid(RULE + "[stats]\nenabled = false\nsocket_path = \"/tmp/p.sock\"\nrefresh_ms = 5000\n"), "stats"))
            .isEqualTo(Map.of("enabled", false, "socket_path", "/tmp/p.sock", "refresh_ms", 5000L));
        assertThat(Declared.table(valid(RULE + "[stats]\n"), "stats")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "xnio", "epoll"})
    void everyTransportHasItsWord(String word) {
        assertThat(valid("global.transport = \"" + word + "\"\n" + RULE).settings().value("global.transport")).contains(word);
        assertThat(valid(RULE).settings().value("global.transport")).contains("auto");
    }

    @ParameterizedTest(name = "{0} gives {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        global.transport = "nio"              | invalid_value | global.transport
        global.transport = 1                  | wrong_type    | global.transport
        limits.max_targets = 0                | invalid_value | limits.max_targets
        limits.max_targets = 65               | invalid_value | limits.max_targets
        limits.max_targets = "8"              | wrong_type    | limits.max_targets
        dns = true                            | wrong_type    | dns
        dns.server = "192.0.2.53"             | unknown_key   | dns.server
        dns.servers = "192.0.2.53"            | wrong_type    | dns.servers
        dns.servers = [53]                    | wrong_type    | dns.servers[0]
        dns.servers = ["dns.example.com"]     | invalid_value | dns.servers[0]
        dns.servers = ["192.0.2.53", "192.0.2.256"] | invalid_value | dns.servers[1]
        dns.servers = ["192.0.2.53:0"]        | invalid_value | dns.servers[0]
        dns.servers = ["192.0.2.53:65536"]    | invalid_value | dns.servers[0]
        dns.servers = ["0.0.0.0"]             | invalid_value | dns.servers[0]
        dns.servers = ["ff02::fb"]            | invalid_value | dns.servers[0]
        dns.servers = [""]                    | invalid_value | dns.servers[0]
        dns.servers = ["::1","::2","::3","::4","::5","::6","::7","::8","::9"] | invalid_value | dns.servers
        dns.timeout = 3                       | wrong_type    | dns.timeout
        dns.timeout = "0s"                    | invalid_value | dns.timeout
        dns.timeout = "61s"                   | invalid_value | dns.timeout
        dns.min_ttl = "999ms"                 | invalid_value | dns.min_ttl
        dns.max_ttl = "25h"                   | invalid_value | dns.max_ttl
        dns.min_ttl = "301s"                  | invalid_value | dns.min_ttl
        dns.max_ttl = "4s"                    | invalid_value | dns.max_ttl
        dns = { min_ttl = "9s", max_ttl = "8s" } | invalid_value | dns.max_ttl
        dns.stale = "25h"                     | invalid_value | dns.stale
        dns.stale = "x"                       | invalid_value | dns.stale
        dns.negative_ttl = "61m"              | invalid_value | dns.negative_ttl
        dns.max_names = 0                     | invalid_value | dns.max_names
        dns.max_names = 65537                 | invalid_value | dns.max_names
        dns.deny = "10.0.0.0/8"                | wrong_type    | dns.deny
        dns.deny = ["10.0.0.0/33"]            | invalid_value | dns.deny[0]
        dns.deny = ["intern.example"]         | invalid_value | dns.deny[0]
        dns.max_lookups = 0                   | invalid_value | dns.max_lookups
        dns.max_lookups = 1025                | invalid_value | dns.max_lookups
        stats = 1                             | wrong_type    | stats
        stats.path = "/a"                     | unknown_key   | stats.path
        stats.enabled = 1                     | wrong_type    | stats.enabled
        stats.socket_path = 1                 | wrong_type    | stats.socket_path
        stats.socket_path = ""                | invalid_value | stats.socket_path
        stats.socket_path = "a.sock"          | invalid_value | stats.socket_path
        stats.socket_path = "/a\\u0000"       | invalid_value | stats.socket_path
        stats.refresh_ms = 249                | invalid_value | stats.refresh_ms
        stats.refresh_ms = 5001               | invalid_value | stats.refresh_ms
        stats.refresh_ms = "1s"               | wrong_type    | stats.refresh_ms
        """)
    void everyWrongKeyIsRefused(String line, String code, String path) {
        String text = line + "\n" + RULE;

        assertThat(brief(text)).isEqualTo(code + " " + path);
        assertThat(problems(text)).allSatisfy(p -> assertThat(p.text()).contains(";"));
        assertThat(problems(text)).extracting(p -> p.position().orElseThrow().line()).containsExactly(1);
    }

    @Test
    void thePathOfASocketHasABound() {
        assertThat(valid("stats.socket_path = \"/" + "x".repeat(106) + "\"\n" + RULE).settings().value("stats.socket_path"))
            .contains("/" + "x".repeat(106));
        assertThat(sentences("stats.socket_path = \"/" + "x".repeat(107) + "\"\n" + RULE))
            .containsExactly("the path has 108 bytes; the path of a socket has at most 107");
    }
}
