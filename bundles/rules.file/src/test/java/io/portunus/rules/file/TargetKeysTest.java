// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static io.portunus.config.file.Texts.NOWHERE;
import static io.portunus.config.file.Texts.RULE;
import static io.portunus.config.file.Texts.brief;
import static io.portunus.config.file.Texts.problems;
import static io.portunus.config.file.Texts.rule;
import static io.portunus.config.file.Texts.sentences;
import static io.portunus.config.file.Texts.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Probe;
import io.portunus.model.Problem;
import io.portunus.model.ProxyHeader;
import io.portunus.model.ProxyHeader.Tlv;
import io.portunus.model.ProxyHeader.Version;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.TargetGroup.AllDown;
import io.portunus.model.TargetGroup.Pick;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets of a rule, and the PROXY header that they get. */
class TargetKeysTest {
    @Test
    void everyKeyOfATargetIsReadAsWritten() {
        TargetGroup group = rule(NOWHERE + """
            pick = "least_connections"
            all_down = "closed"
            close_on_down = true
            slow_start = "90s"
            prefer_ipv6 = true
            [[rule.targets]]
            host = "DB1.example.com."
            port = 5432
            [[rule.targets]]
            host = "[2001:DB8::1]"
            port = 5433
            priority = 99
            weight = 256
            max_connections = 10
            drain = true
            proxy_protocol = "v2"
            proxy_tlvs = ["authority", "crc32c"]
            proxy_pass_tlvs = true
            """).targets();

        assertThat(group.pick()).isEqualTo(Pick.LEAST_CONNECTIONS);
        assertThat(group.allDown()).isEqualTo(AllDown.CLOSED);
        assertThat(group.closeOnDown()).isTrue();
        assertThat(group.slowStart()).isEqualTo(Duration.ofSeconds(90));
        assertThat(group.preferIpv6()).isTrue();
        assertThat(group.targets()).containsExactly(
            Target.of(TargetAddress.parse("db1.example.com.:5432")),
            new Target(TargetAddress.parse("[2001:db8::1]:5433"), 99, 256, 10,
                Optional.of(new ProxyHeader(Version.V2, Set.of(Tlv.AUTHORITY, Tlv.CRC32C), true)), true));
    }

    @Test
    void aServiceIsATargetByEitherKey() {
        Target service = Target.of(TargetAddress.parse("_postgres._tcp.db.example"));

        assertThat(rule(NOWHERE + "target = \"_Postgres._TCP.db.example\"\n").targets().targets()).containsExactly(service);
        assertThat(rule(NOWHERE + "targets = [{ srv = \"_postgres._tcp.db.example\" }, { host = \"a\", port = 1, priority = 1 }]\n").targets())
            .hasToString("_postgres._tcp.db.example, a:1");
        TargetGroup probed = rule(NOWHERE + "target = \"_web._tcp.a.example\"\nhealth = { probe = \"http\" }\n").targets();
        assertThat(probed.health().probe().orElseThrow().ask())
            .isInstanceOfSatisfying(Probe.Ask.Http.class, http -> assertThat(http.host()).isEqualTo("a.example"));
    }

    @Test
    void aServiceIsRefusedWhereItDoesNotFit() {
        assertThat(brief(NOWHERE + "target = \"_postgres._tcp.db.example:5432\"\n")).isEqualTo("invalid_service_name rule[0].target");
        assertThat(sentences(NOWHERE + "target = \"_postgres._tcp\"\n")).anyMatch(text -> text.contains("write _service._tcp.domain"));
        assertThat(brief(NOWHERE.replace("listen_port = 8080", "listen_ports = \"8000-8001\"") + "target = \"_postgres._tcp.db.example\"\n"))
            .isEqualTo("range_invalid rule[0].target");
        assertThat(brief(NOWHERE.replace("listen_port = 8080", "listen_ports = \"8000-8001\"")
            + "targets = [{ host = \"a\", ports = \"1-2\" }, { srv = \"_a._tcp.b\" }]\n")).isEqualTo("range_invalid rule[0].targets[1]");
        assertThat(brief(NOWHERE + "targets = [{ srv = \"_a._tcp.b\" }, { srv = \"_A._tcp.b.\" }]\n"))
            .isEqualTo("targets_duplicate rule[0].targets[1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "round_robin", "least_connections", "source_hash", "random_two"})
    void everyPickHasItsWord(String word) {
        assertThat(rule(RULE + "pick = \"" + word + "\"\n").targets().pick().text()).isEqualTo(word);
    }

    @Test
    void aSingleTargetIsAGroupOfOne() {
        assertThat(rule(RULE).targets()).isEqualTo(TargetGroup.of(TargetAddress.parse("10.0.0.1:80")));
        assertThat(rule(NOWHERE + "targets = [{ host = \"10.0.0.1\", port = 80 }]\n")).isEqualTo(rule(RULE));
    }

    @Test
    void targetsOfARangeHaveRangesAsWide() {
        String range = NOWHERE.replace("listen_port = 8080", "listen_ports = \"8000-8010\"");

        assertThat(rule(range + "targets = [{ host = \"a\", ports = \"9000-9010\" }, { host = \"b\", port = 9000 }]\n").targets())
            .hasToString("a:9000-9010, b:9000");
        assertThat(brief(range + "targets = [{ host = \"a\", ports = \"9000-9009\" }, { host = \"b\", ports = \"9000-9010\" }]\n"))
            .isEqualTo("range_invalid rule[0].targets[0]");
        assertThat(brief(range + "targets = [{ host = \"a\", ports = \"9000-9009\" }]\n")).isEqualTo("range_invalid rule[0].targets[0]");
    }

    /** Each in place of a target's content. */
    @ParameterizedTest(name = "{0} gives {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        port = 80                                              | missing_key         | host
        host = "a"                                             | missing_key         | port
        host = 1, port = 80                                    | wrong_type          | host
        host = "", port = 80                                   | invalid_target_host | host
        host = "d,b", port = 80                                | invalid_target_host | host
        host = "-db", port = 80                                | invalid_target_host | host
        host = "10.0.0.256", port = 80                         | invalid_target_host | host
        host = "123", port = 80                                | invalid_target_host | host
        host = "::1", port = 80                                | invalid_target_host | host
        host = "[db]", port = 80                               | invalid_target_host | host
        host = "[::1]:80", port = 80                           | invalid_target_host | host
        host = "[::1", port = 80                               | invalid_target_host | host
        host = "db:80", port = 80                              | invalid_target_host | host
        host = "tcp://db", port = 80                           | invalid_target_host | host
        host = "_db._tcp.a", port = 80                         | invalid_target_host | host
        srv = "_db._tcp.a", host = "a"                         | conflicting_keys    | srv
        srv = "_db._tcp.a", port = 80                          | conflicting_keys    | port
        srv = "_db._tcp.a", ports = "80-81"                    | conflicting_keys    | ports
        srv = 1                                                | wrong_type          | srv
        srv = "db.example.com"                                 | invalid_service_name | srv
        srv = "_db._sctp.a"                                    | invalid_service_name | srv
        srv = "_db._tcp.a:80"                                  | invalid_service_name | srv
        srv = ""                                               | invalid_service_name | srv
        srv = "_db._tcp.a", weight = 0                         | invalid_value       | weight
        host = "a", port = 0                                   | range_invalid       | port
        host = "a", port = 65536                               | range_invalid       | port
        host = "a", port = "80"                                | wrong_type          | port
        host = "a", port = 80, ports = "80"                    | conflicting_keys    | ports
        host = "a", ports = 80                                 | wrong_type          | ports
        host = "a", ports = "90-80"                            | range_invalid       | ports
        host = "a", ports = ""                                 | range_invalid       | ports
        host = "a", port = 80, priority = -1                   | invalid_value       | priority
        host = "a", port = 80, priority = 100                  | invalid_value       | priority
        host = "a", port = 80, priority = "0"                  | wrong_type          | priority
        host = "a", port = 80, weight = 0                      | invalid_value       | weight
        host = "a", port = 80, weight = 257                    | invalid_value       | weight
        host = "a", port = 80, weight = 1.5                    | wrong_type          | weight
        host = "a", port = 80, max_connections = -1            | invalid_value       | max_connections
        host = "a", port = 80, max_connections = 1000001       | invalid_value       | max_connections
        host = "a", port = 80, max_connections = true          | wrong_type          | max_connections
        host = "a", port = 80, drain = 1                       | wrong_type          | drain
        host = "a", port = 80, wieght = 1                      | unknown_key         | wieght
        host = "a", port = 80, proxy_protocol = 1              | wrong_type          | proxy_protocol
        host = "a", port = 80, proxy_protocol = ""             | validation.proxy_protocol_invalid | proxy_protocol
        host = "a", port = 80, proxy_protocol = "V2"           | validation.proxy_protocol_invalid | proxy_protocol
        host = "a", port = 80, proxy_tlvs = ["alpn"]           | missing_key         | proxy_protocol
        host = "a", port = 80, proxy_pass_tlvs = true          | missing_key         | proxy_protocol
        host = "a", port = 80, proxy_protocol = "v2", proxy_tlvs = "alpn"   | wrong_type    | proxy_tlvs
        host = "a", port = 80, proxy_protocol = "v2", proxy_tlvs = [1]      | wrong_type    | proxy_tlvs[0]
        host = "a", port = 80, proxy_protocol = "v2", proxy_tlvs = ["alpm"] | invalid_value | proxy_tlvs[0]
        host = "a", port = 80, proxy_protocol = "v2", proxy_pass_tlvs = 1   | wrong_type    | proxy_pass_tlvs
        host = "a", port = 80, proxy_protocol = "v1", proxy_tlvs = ["alpn"] | validation.proxy_protocol_invalid | proxy_tlvs
        host = "a", port = 80, proxy_protocol = "v1", proxy_pass_tlvs = true | validation.proxy_protocol_invalid | proxy_pass_tlvs
        """)
    void everyWrongKeyOfATargetIsRefused(String content, String code, String key) {
        String text = NOWHERE + "targets = [{ host = \"good\", port = 1 },\n  { " + content + " }]\n";

        assertThat(brief(text)).isEqualTo(code + " rule[0].targets[1]." + key);
        assertThat(problems(text)).allSatisfy(p -> assertThat(p.text()).contains(";"));
        assertThat(problems(text)).extracting(p -> p.position().orElseThrow().line()).containsExactly(5);
    }

    @ParameterizedTest(name = "{0} gives {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        targets = []                                  | targets_empty    | targets
        targets = "a:80"                              | wrong_type       | targets
        targets = ["a:80"]                            | wrong_type       | targets[0]
        targets = [[]]                                | wrong_type       | targets[0]
        target = "a:80"\\npick = "fastest"            | invalid_value    | pick
        target = "a:80"\\npick = 1                    | wrong_type       | pick
        target = "a:80"\\nall_down = "close"          | invalid_value    | all_down
        target = "a:80"\\nclose_on_down = "no"        | wrong_type       | close_on_down
        target = "a:80"\\nslow_start = "61m"          | invalid_value    | slow_start
        target = "a:80"\\nslow_start = 10             | wrong_type       | slow_start
        target = "a:80"\\ntargets = [{ host = "a", port = 1 }] | conflicting_keys | targets
        target = "a:80"\\nproxy_protocol = "v3"       | validation.proxy_protocol_invalid | proxy_protocol
        target = "a:80"\\nproxy_protocol = 2          | wrong_type       | proxy_protocol
        target = "a:80"\\nproxy_tlvs = ["ssl"]        | missing_key      | proxy_protocol
        target = "a:80"\\nproxy_pass_tlvs = true      | missing_key      | proxy_protocol
        target = "a:80"\\nproxy_protocol = "v1"\\nproxy_tlvs = ["ssl"]    | validation.proxy_protocol_invalid | proxy_tlvs
        target = "a:80"\\nproxy_protocol = "v1"\\nproxy_pass_tlvs = true  | validation.proxy_protocol_invalid | proxy_pass_tlvs
        targets = [{ host = "a", port = 1, proxy_protocol = "v1" }]\\nproxy_tlvs = ["ssl"] | validation.proxy_protocol_invalid | proxy_tlvs
        targets = [{ host = "a", port = 1 }, { host = "A", port = 1 }]   | targets_duplicate | targets[1]
        """)
    void everyWrongKeyOfARuleIsRefused(String lines, String code, String key) {
        String text = NOWHERE + lines.replace("\\n", "\n") + "\n";

        assertThat(brief(text)).isEqualTo(code + " rule[0]." + key);
        assertThat(problems(text)).allSatisfy(p -> assertThat(p.text()).contains(";"));
        assertThat(problems(text)).allSatisfy(p -> assertThat(p.position()).isPresent());
    }

    @Test
    void sentencesStateWhatToDo() {
        assertThat(sentences(NOWHERE + "targets = [{ host = \"::1\", port = 80 }, { host = \"db:80\", port = 80 }, { host = \"x\", port = 0 }]\n"
            + "proxy_protocol = \"v9\"\nslow_start = \"1d\"\ntimeouts = { idle = 60 }\npick = \"round_robbin\"\nall_down = \"x\"\n")).containsExactly(
            "an IPv6 address is written in brackets, '[::1]'; write a name, an IPv4 address or an [IPv6 address] here, and its port as 'port'",
            "'db:80' has more than a host; write a name, an IPv4 address or an [IPv6 address] here, and its port as 'port'",
            "0 is outside 1 to 65535; write a number within",
            "'v9' is no version of the PROXY protocol; write \"v1\" or \"v2\", or remove the key",
            "'1d' is no time; write a whole number and ms, s, m or h, as in \"10s\"; 0s to 1h is allowed",
            "the value is a whole number; write a time in quotes, as in \"10s\"",
            "'round_robbin' is none of first, round_robin, least_connections, source_hash, random_two; did you mean 'round_robin'?",
            "'x' is none of open, closed; write one of them");
    }

    @Test
    void asManyTargetsAsTheLimitAllows() {
        assertThat(brief(NOWHERE + targets(8))).isEmpty();
        assertThat(brief(NOWHERE + targets(9))).isEqualTo("targets_too_many rule[0].targets");
        assertThat(sentences(NOWHERE + targets(9)))
            .containsExactly("the rule has 9 targets; write at most 8, or raise max_targets in [limits]");
        assertThat(brief("limits.max_targets = 64\n" + NOWHERE + targets(64))).isEmpty();
        assertThat(brief("limits.max_targets = 1\n" + NOWHERE + targets(2))).isEqualTo("targets_too_many rule[0].targets");
        assertThat(sentences("limits.max_targets = 64\n" + NOWHERE + targets(65))).containsExactly("the rule has 65 targets; write at most 64");
    }

    private static String targets(int count) {
        return "targets = [" + IntStream.range(0, count).mapToObj(i -> "{ host = \"h" + i + "\", port = 80 }").collect(Collectors.joining(", "))
            + "]\n";
    }

    @Test
    void aBrokenTargetHidesNoProblemOfAnother() {
        String text = NOWHERE.replace("listen_port = 8080", "listen_ports = \"8000-8010\"") + """
            targets = [{ host = "d,b", port = 1 }, { host = "-", port = 1 },
              { host = "c", ports = "1-2" }, { host = "e", port = 1 }, { host = "e", port = 1 }]
            sni = "a.example.com"
            """ + RULE.replace("8080", "8005");

        assertThat(brief(text)).isEqualTo("invalid_target_host rule[0].targets[0].host, invalid_target_host rule[0].targets[1].host, "
            + "range_invalid rule[0].targets[2], targets_duplicate rule[0].targets[4], validation.sni_on_unsupported_rule rule[0].sni, "
            + "duplicate_name rule[1].name, port_in_use rule[1].listen_port");
    }

    @Test
    void aRuleSpeaksForTargetsThatSetNothingElse() {
        String ofRule = "proxy_protocol = \"v2\"\nproxy_tlvs = [\"ssl\"]\nproxy_pass_tlvs = true\n";

        List<Target> targets = rule(NOWHERE + ofRule + """
            targets = [{ host = "a", port = 1 }, { host = "b", port = 1, proxy_tlvs = [] }, { host = "c", port = 1, proxy_protocol = "v1" },
              { host = "d", port = 1, proxy_pass_tlvs = false }]
            """).targets().targets();

        assertThat(targets).extracting(t -> t.proxy().orElseThrow()).containsExactly(
            new ProxyHeader(Version.V2, Set.of(Tlv.SSL), true), new ProxyHeader(Version.V2, Set.of(), true), ProxyHeader.of(Version.V1),
            new ProxyHeader(Version.V2, Set.of(Tlv.SSL), false));
        assertThat(rule(RULE + ofRule).targets().targets().getFirst().proxy()).contains(new ProxyHeader(Version.V2, Set.of(Tlv.SSL), true));
        assertThat(rule(RULE + "proxy_protocol = \"v1\"\nproxy_pass_tlvs = false\n").targets().targets().getFirst().proxy())
            .contains(ProxyHeader.of(Version.V1));
        assertThat(rule(NOWHERE + "proxy_tlvs = [\"alpn\"]\ntargets = [{ host = \"a\", port = 1, proxy_protocol = \"v2\" }, "
            + "{ host = \"b\", port = 1 }]\n").targets().targets()).extracting(Target::proxy)
            .containsExactly(Optional.of(new ProxyHeader(Version.V2, Set.of(Tlv.ALPN), false)), Optional.empty());
    }

    @Test
    void everyTlvHasItsWord() {
        assertThat(rule(RULE + "proxy_protocol = \"v2\"\nproxy_tlvs = [\"authority\", \"alpn\", \"unique_id\", \"ssl\", \"crc32c\"]\n")
            .targets().targets().getFirst().proxy().orElseThrow().tlvs()).containsExactlyInAnyOrder(Tlv.values());
    }

    @Test
    void aSingleBrokenTargetIsReportedOnce() {
        assertThat(problems(NOWHERE + "target = \"nowhere\"\nproxy_protocol = \"v1\"\nproxy_tlvs = [\"ssl\"]\n"))
            .extracting(Problem::path).containsExactly("rule[0].target", "rule[0].proxy_tlvs");
    }

    /** B3: names with underscores, in every key that takes one. */
    @Test
    void namesMayHaveUnderscores() {
        assertThat(rule(RULE.replace("10.0.0.1", "my_app")).targets().targets().getFirst()).hasToString("my_app:80");
        assertThat(rule(NOWHERE + "targets = [{ host = \"redis_1.my_net\", port = 1 }]\nsni = \"*.my_net.example\"\n"
            + "health = { probe = \"tls\", name = \"redis_1.my_net\" }\n").sni()).hasToString("Optional[*.my_net.example]");
        assertThat(settings(RULE + "match = { kind = \"http\", name = \"my_app\" }\n[admin]\nhost = \"my_node\"\n")).contains("my_node");
    }

    /** B3: what a name beyond ASCII is for the DNS is reported wherever one is written. */
    @ParameterizedTest
    @ValueSource(strings = {"[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"b\u00fccher.example:80\"\n",
        NOWHERE + "targets = [{ host = \"b\u00fccher.example\", port = 1 }]\n", RULE + "sni = \"b\u00fccher.example\"\n",
        RULE + "sni = \"*.b\u00fccher.example\"\n", RULE + "match = { kind = \"http\", name = \"b\u00fccher.example\" }\n",
        RULE + "health = { probe = \"tls\", name = \"b\u00fccher.example\" }\n", RULE + "[admin]\nhost = \"b\u00fccher.example\"\n",
        RULE + "health = { probe = \"http\", host = \"b\u00fccher.example\" }\n", RULE + "[admin]\nhost = [\"b\u00fccher.example\"]\n"})
    void namesBeyondAsciiAreRefusedWithTheirALabel(String text) {
        assertThat(problems(text)).singleElement()
            .satisfies(problem -> assertThat(problem.text()).contains("'xn--bcher-kva.example'"));
    }
}
