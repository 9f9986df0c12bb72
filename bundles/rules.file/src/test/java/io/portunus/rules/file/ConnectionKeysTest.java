// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static io.portunus.config.file.Texts.RULE;
import static io.portunus.config.file.Texts.brief;
import static io.portunus.config.file.Texts.problems;
import static io.portunus.config.file.Texts.rule;
import static io.portunus.config.file.Texts.sentences;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Cidr;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.ProxyTrust;
import io.portunus.model.SocketTuning;
import io.portunus.model.Sockets;
import io.portunus.model.SourceFilter;
import io.portunus.model.Timeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rule sets for its connections: which it takes, from whom, how long they take, and their sockets. */
class ConnectionKeysTest {
    @Test
    void timeoutsAreReadAsWritten() {
        assertThat(rule(RULE + "drain_secs = 7\n[rule.timeouts]\npeek = \"100ms\"\nconnect_attempt = \"60s\"\nconnect = \"10m\"\nidle = \"720h\"\n"
            + "half_closed = \"0s\"\nlifetime = \"1s\"\n").timeouts()).isEqualTo(new Timeouts(Duration.ofMillis(100), Duration.ofSeconds(60),
                Duration.ofMinutes(10), Duration.ofDays(30), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(7)));
        assertThat(rule(RULE + "timeouts = {}\n").timeouts()).isEqualTo(Timeouts.DEFAULT);
        assertThat(rule("global.shutdown_drain_secs = 3\n" + RULE + "timeouts.idle = \"1h\"\n").timeouts())
            .isEqualTo(new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(15), Duration.ofHours(1),
                Duration.ofMinutes(10), Duration.ZERO, Duration.ofSeconds(3)));
    }

    @Test
    void socketsAreReadAsWritten() {
        SocketTuning tuning = new SocketTuning(Duration.ofSeconds(1), Duration.ofHours(9), 127, Duration.ofMillis(1500), 4096, 64 << 20);

        assertThat(rule(RULE + "transport = \"epoll\"\n[rule.sockets]\nkeepalive_idle = \"1000ms\"\nkeepalive_interval = \"9h\"\n"
            + "keepalive_probes = 127\nuser_timeout = \"1500ms\"\nsend_buffer = 4096\nreceive_buffer = 67108864\n"
            + "source = \"2001:db8::1\"\n").sockets())
            .isEqualTo(new Sockets(tuning, tuning, Optional.of(InetAddress.ofLiteral("2001:db8::1")), Optional.of("epoll")));
        assertThat(rule(RULE + "transport = \"xnio\"\n").sockets())
            .isEqualTo(new Sockets(SocketTuning.DEFAULT, SocketTuning.DEFAULT, Optional.empty(), Optional.of("xnio")));
        assertThat(rule(RULE + "sockets = { keepalive_idle = \"0s\", send_buffer = 0 }\n").sockets().upstream().keepaliveIdle()).isZero();
        assertThat(rule(RULE).sockets()).isEqualTo(Sockets.DEFAULT);
    }

    @ParameterizedTest(name = "{0} gives {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        timeouts = 1                             | wrong_type    | timeouts
        timeouts.peak = "1s"                     | unknown_key   | timeouts.peak
        timeouts.peek = 3                        | wrong_type    | timeouts.peek
        timeouts.peek = "99ms"                   | invalid_value | timeouts.peek
        timeouts.peek = "61s"                    | invalid_value | timeouts.peek
        timeouts.peek = ""                       | invalid_value | timeouts.peek
        timeouts.peek = "3"                      | invalid_value | timeouts.peek
        timeouts.peek = "-3s"                    | invalid_value | timeouts.peek
        timeouts.peek = "3 s"                    | invalid_value | timeouts.peek
        timeouts.peek = "9999999999s"            | invalid_value | timeouts.peek
        timeouts.connect_attempt = "0s"          | invalid_value | timeouts.connect_attempt
        timeouts.connect_attempt = "2m"          | invalid_value | timeouts.connect_attempt
        timeouts.connect = "0s"                  | invalid_value | timeouts.connect
        timeouts.connect = "11m"                 | invalid_value | timeouts.connect
        timeouts.idle = "999ms"                  | invalid_value | timeouts.idle
        timeouts.idle = "30d"                    | invalid_value | timeouts.idle
        timeouts.idle = "721h"                   | invalid_value | timeouts.idle
        timeouts.half_closed = "1ms"             | invalid_value | timeouts.half_closed
        timeouts.lifetime = "721h"               | invalid_value | timeouts.lifetime
        timeouts.drain = "1s"                    | unknown_key   | timeouts.drain
        sockets = []                             | wrong_type    | sockets
        sockets.keepalive = true                 | unknown_key   | sockets.keepalive
        sockets.keepalive_idle = 300             | wrong_type    | sockets.keepalive_idle
        sockets.keepalive_idle = "1500ms"        | invalid_value | sockets.keepalive_idle
        sockets.keepalive_idle = "10h"           | invalid_value | sockets.keepalive_idle
        sockets.keepalive_interval = "500ms"     | invalid_value | sockets.keepalive_interval
        sockets.keepalive_probes = 0             | invalid_value | sockets.keepalive_probes
        sockets.keepalive_probes = 128           | invalid_value | sockets.keepalive_probes
        sockets.user_timeout = "50ms"            | invalid_value | sockets.user_timeout
        sockets.user_timeout = "2h"              | invalid_value | sockets.user_timeout
        sockets.send_buffer = -1                 | invalid_value | sockets.send_buffer
        sockets.send_buffer = 4095               | invalid_value | sockets.send_buffer
        sockets.send_buffer = "64k"              | wrong_type    | sockets.send_buffer
        sockets.receive_buffer = 67108865        | invalid_value | sockets.receive_buffer
        sockets.source = 1                       | wrong_type    | sockets.source
        sockets.source = ""                      | invalid_value | sockets.source
        sockets.source = "localhost"             | invalid_value | sockets.source
        sockets.source = "10.0.0.1:80"           | invalid_value | sockets.source
        sockets.source = "[::1]"                 | invalid_value | sockets.source
        sockets.source = "0.0.0.0"               | invalid_value | sockets.source
        sockets.source = "::"                    | invalid_value | sockets.source
        sockets.source = "224.0.0.1"             | invalid_value | sockets.source
        transport = "auto"                       | invalid_value | transport
        transport = 1                            | wrong_type    | transport
        accept_proxy = "10.0.0.0/8"              | wrong_type    | accept_proxy
        accept_proxy = []                        | invalid_value | accept_proxy
        accept_proxy = [1]                       | wrong_type    | accept_proxy[0]
        accept_proxy = ["10.0.0.1", "10.0.0.1/8"] | invalid_value | accept_proxy[1]
        accept_proxy = ["10.0.0.0/33"]           | invalid_value | accept_proxy[0]
        accept_proxy = ["lb.example.com"]        | invalid_value | accept_proxy[0]
        accept_proxy = [""]                      | invalid_value | accept_proxy[0]
        accept_proxy_timeout = "5s"              | missing_key   | accept_proxy
        accept_proxy = ["::1"]\\naccept_proxy_timeout = "0s"  | invalid_value | accept_proxy_timeout
        accept_proxy = ["::1"]\\naccept_proxy_timeout = "61s" | invalid_value | accept_proxy_timeout
        accept_proxy = ["::1"]\\naccept_proxy_timeout = 5     | wrong_type    | accept_proxy_timeout
        match.alpn = "h2"                        | wrong_type    | match.alpn
        match.alpn = []                          | invalid_value | match.alpn
        match.alpn = [""]                        | invalid_value | match.alpn[0]
        match.alpn = [2]                         | wrong_type    | match.alpn[0]
        match.allow = []                         | invalid_value | match.allow
        match.allow = "10.0.0.0/8"               | wrong_type    | match.allow
        match.allow = ["10.0.0.0/"]              | invalid_value | match.allow[0]
        match.deny = []                          | invalid_value | match.deny
        match.deny = ["10"]                      | invalid_value | match.deny[0]
        match = { kind = "ssh", alpn = ["h2"] }  | conflicting_keys | match.alpn
        match = { kind = "any", alpn = ["h2"] }  | conflicting_keys | match.alpn
        match = { name = "a.b" }                 | missing_key      | match.kind
        match = { kind = "tls", name = "a.b" }   | conflicting_keys | match.name
        match = { kind = "any", name = "a.b" }   | conflicting_keys | match.name
        match = { alpn = ["h2"], name = "a.b" }  | conflicting_keys | match.name
        match = { kind = "http", name = 1 }      | wrong_type       | match.name
        match = { kind = "http", name = "*" }    | validation.sni_pattern_malformed | match.name
        match = { silence = "1s" }               | missing_key      | match.kind
        match = { kind = "ssh", silence = "1s" } | conflicting_keys | match.silence
        match = { kind = "any", silence = "11s" } | invalid_value   | match.silence
        match = { kind = "any", silence = 1 }    | wrong_type       | match.silence
        sni = "a.b"\\nmatch = { kind = "any" }   | conflicting_keys | match.kind
        sni = "a.b"\\nmatch = { kind = "tls", name = "a.b" } | conflicting_keys | match.name
        sni = "a.b"\\nmatch = { name = "a.b" }   | conflicting_keys | match.name
        """)
    void everyWrongKeyIsRefused(String lines, String code, String key) {
        String text = RULE + lines.replace("\\n", "\n") + "\n";

        assertThat(brief(text)).isEqualTo(code + " rule[0]." + key);
        assertThat(problems(text)).allSatisfy(p -> assertThat(p.text()).contains(";"));
        assertThat(problems(text)).allSatisfy(p -> assertThat(p.position()).isPresent());
    }

    @Test
    void whoseProxyHeaderCountsIsReadAsWritten() {
        assertThat(rule(RULE + "accept_proxy = [\"10.0.0.0/8\", \"::1\"]\naccept_proxy_timeout = \"60s\"\n").proxyTrust())
            .contains(new ProxyTrust(List.of(cidr("10.0.0.0/8"), cidr("::1")), Duration.ofSeconds(60)));
        assertThat(rule(RULE + "accept_proxy = [\"10.0.0.1\"]\n").proxyTrust())
            .contains(new ProxyTrust(List.of(cidr("10.0.0.1/32")), ProxyTrust.DEFAULT_DEADLINE));
        assertThat(rule(RULE).proxyTrust()).isEmpty();
        assertThat(brief(RULE + "accept_proxy = [" + IntStream.rangeClosed(0, 256).mapToObj(i -> "\"10.0." + i / 256 + "." + i % 256 + "\"")
            .collect(Collectors.joining(",")) + "]\n")).isEqualTo("invalid_value rule[0].accept_proxy");
    }

    @Test
    void matchesAreReadAsWritten() {
        SourceFilter clients = new SourceFilter(List.of(cidr("10.0.0.0/8")), List.of(cidr("10.1.0.0/16"), cidr("2001:db8::/32")));
        String filter = "allow = [\"10.0.0.0/8\"], deny = [\"10.1.0.0/16\", \"2001:db8::/32\"]";

        assertThat(match("match = { kind = \"http\", name = \"*.Example.com\" }"))
            .isEqualTo(Match.ofName("http", HostPattern.parse("*.example.com")));
        assertThat(match("match = { alpn = [\"h2\", \"http/1.1\"] }")).isEqualTo(Match.ofKind("tls").offering(List.of("h2", "http/1.1")));
        assertThat(match("sni = \"a.b\"\nmatch = { alpn = [\"h2\"] }"))
            .isEqualTo(Match.ofName("tls", HostPattern.parse("a.b")).offering(List.of("h2")));
        assertThat(match("sni = \"a.b\"\nmatch = { kind = \"tls\" }")).isEqualTo(Match.ofName("tls", HostPattern.parse("a.b")));
        assertThat(match("match = { " + filter + " }")).isEqualTo(Match.ANY.from(clients));
        assertThat(match("match = { kind = \"ssh\", " + filter + " }")).isEqualTo(Match.ofKind("ssh").from(clients));
        assertThat(match("match = { kind = \"any\", silence = \"0s\" }"))
            .isEqualTo(new Match(Optional.of("any"), Optional.empty(), List.of(), SourceFilter.ANY, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.example.com", "*.example.com", "**.example.com", "~db[0-9]+\\\\.example\\\\.com"})
    void namesAreWhatThePatternTakes(String pattern) {
        assertThat(match("sni = \"" + pattern + "\"").sni()).contains(HostPattern.parse(pattern.replace("\\\\", "\\")));
        assertThat(rule(RULE + "sni = \"" + pattern + "\"\n")).isEqualTo(rule(RULE + "# the same\nsni = \"" + pattern + "\"\n"));
    }

    @Test
    void sentencesStateWhatToDo() {
        assertThat(sentences(RULE + "match = { kind = \"tls\", name = \"a.b\" }\naccept_proxy = [\"10.0.0.1/8\"]\ntimeouts.idle = \"5ms\"\n"
            + "sockets = { keepalive_idle = \"1500ms\", send_buffer = 1 }\naccept_proxy_timeout = \"1h\"\ntransport = \"epol\"\n")).containsExactly(
            "names of TLS are written as sni; write it as sni of the rule",
            "'10.0.0.1/8' is no block of addresses; write an address, or one and the bits that count, as in 10.0.0.0/8, where the others are zero",
            "'5ms' is outside 0s, or 1s to 720h; write a time within",
            "'1500ms' is outside 0s, or 1s to 9h in whole seconds; write a time within",
            "1 is neither 0 nor within 4096 to 67108864; write bytes within, or 0 to leave it to the system",
            "'1h' is outside 1s to 60s; write a time within",
            "'epol' is none of xnio, epoll; did you mean 'epoll'?");
    }

    @Test
    void aBrokenListIsBlamedAloneAndNotTheRulesBesideIt() {
        String trusting = "accept_proxy = [\"10.0.0.0/8\"]\ntransport = \"xnio\"\nsni = \"b.example.com\"\n";
        String broken = RULE + "accept_proxy = [\"10\"]\ntransport = \"x\"\nsni = \"a.example.com\"\n";

        assertThat(brief(broken + RULE.replace("web", "b") + trusting))
            .isEqualTo("invalid_value rule[0].accept_proxy[0], invalid_value rule[0].transport");
        assertThat(brief(broken.replace("a.e", "b.e") + RULE.replace("web", "b") + trusting)).isEqualTo(
            "invalid_value rule[0].accept_proxy[0], invalid_value rule[0].transport, conflict.sni_route_duplicate rule[1].sni");
    }

    @Test
    void rulesOfOnePortTrustTheSame() {
        String named = RULE.replace("web", "b") + "sni = \"b.example.com\"\n";

        assertThat(brief(RULE + "accept_proxy = [\"10.0.0.0/8\"]\n" + named)).isEqualTo("conflict.proxy_trust rule[1].accept_proxy");
        assertThat(brief(RULE + "transport = \"epoll\"\n" + named + "transport = \"xnio\"\n")).isEqualTo("conflict.transport rule[1].transport");
        assertThat(problems(RULE + "transport = \"epoll\"\n" + named + "transport = \"xnio\"\n").getFirst().position().orElseThrow().line())
            .isEqualTo(11);
    }

    private static Match match(String lines) {
        return rule(RULE + lines + "\n").match();
    }

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }
}
