// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static io.portunus.rules.file.Texts.RULE;
import static io.portunus.rules.file.Texts.brief;
import static io.portunus.rules.file.Texts.problems;
import static io.portunus.rules.file.Texts.sentences;
import static io.portunus.rules.file.Texts.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Cidr;
import io.portunus.rules.file.ParsedConfig.DnsSettings;
import io.portunus.rules.file.ParsedConfig.StatsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file says of the node besides its rules: look-ups, statistics, transport, limits. */
class NodeKeysTest {
    @Test
    void lookUpsAreReadAsWritten() {
        assertThat(valid(RULE + "[dns]\nservers = [\"192.0.2.53\", \"192.0.2.53:54\", \"2001:db8::1\", \"[2001:db8::1]:5353\"]\ntimeout = \"60s\"\n"
            + "min_ttl = \"1s\"\nmax_ttl = \"24h\"\nstale = \"0s\"\nnegative_ttl = \"1h\"\nmax_names = 65536\nmax_lookups = 1024\n"
            + "deny = [\"10.0.0.0/8\", \"::1\"]\n").dns())
            .isEqualTo(new DnsSettings(List.of("192.0.2.53:53", "192.0.2.53:54", "[2001:db8::1]:53", "[2001:db8::1]:5353"),
                Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofHours(24), Duration.ZERO, Duration.ofHours(1), 65_536, 1024,
                List.of(Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("::1").orElseThrow())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[dns]\n", "[dns]\nservers = []\n"})
    void withoutMoreLookUpsHaveTheirDefaults(String table) {
        assertThat(valid(RULE + table).dns()).isEqualTo(new DnsSettings(List.of(), Duration.ofSeconds(3), Duration.ofSeconds(5),
            Duration.ofSeconds(300), Duration.ofSeconds(30), Duration.ofSeconds(3), 8192, 64, List.of()));
    }

    @Test
    void statisticsAreReadAsWritten() {
        assertThat(valid(RULE + "[stats]\nenabled = false\nsocket_path = \"/tmp/p.sock\"\nrefresh_ms = 5000\n").stats())
            .isEqualTo(new StatsSettings(false, "/tmp/p.sock", true, Optional.empty(), 5000));
        assertThat(valid(RULE).stats()).isEqualTo(new StatsSettings(true, "/run/portunus/standalone.sock", false, Optional.empty(), 1000));
        assertThat(valid(RULE + "[stats]\n").stats()).isEqualTo(valid(RULE).stats());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "xnio", "epoll"})
    void everyTransportHasItsWord(String word) {
        assertThat(valid("global.transport = \"" + word + "\"\n" + RULE).global().transport()).isEqualTo(word);
        assertThat(valid(RULE).global().transport()).isEqualTo("auto");
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
        assertThat(valid("stats.socket_path = \"/" + "x".repeat(106) + "\"\n" + RULE).stats().socketPath()).hasSize(107);
        assertThat(sentences("stats.socket_path = \"/" + "x".repeat(107) + "\"\n" + RULE))
            .containsExactly("the path has 108 bytes; the path of a socket has at most 107");
    }
}
