// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.config.file.Texts;
import io.portunus.model.Governance;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PolicySettings;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.Sockets;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RuleIdsTest {
    @Test
    void idsAreTheFirstEightBytesOfBlake3LittleEndian() {
        // The published BLAKE3 vectors begin af1349b9f5f9a1a6 for the empty input and 6437b3ac38465133 for "abc".
        assertThat(RuleIds.id("")).isEqualTo(0xa6a1f9f5b94913afL);
        assertThat(RuleIds.id("abc")).isEqualTo(0x33514638acb33764L);
    }

    @Test
    void theRulesOfAFileHaveTheIdsOfTheirNamesAndTheRevisionOfTheirContents() {
        Rule rule = Texts.rule(Texts.RULE);

        assertThat(rule.id()).isEqualTo(RuleIds.id("web"));
        assertThat(Texts.rules(Texts.RULE)).isEqualTo(KnownRule.set(new RuleReader(Optional.empty()).known(List.of(rule))));
    }

    @Test
    void theRevisionFollowsFromEverythingARuleSets() {
        String revision = revision(List.of(rule("a", "b", 80)));

        assertThat(revision).matches("[0-9a-f]{16}").isEqualTo(revision(List.of(rule("a", "b", 80))));
        assertThat(revision(List.of(rule("ab", "", 80)))).isNotEqualTo(revision);
        assertThat(revision(List.of(rule("a", "b", 81)))).isNotEqualTo(revision);
        assertThat(revision(List.of(rule("a", "b", 80), rule("c", "", 81))))
            .isNotEqualTo(revision(List.of(rule("c", "", 81), rule("a", "b", 80))));
    }

    @Test
    void theRevisionFollowsFromMatchAndDrain() {
        Rule rule = rule("a", "b", 80);

        assertThat(Stream.of(rule, with(rule, Match.ofKind("tls"), rule.drain()), with(rule, Match.ofKind("redis"), rule.drain()),
            with(rule, Match.ofSni(Optional.of(HostPattern.parse("a.example.com"))), rule.drain()), with(rule, rule.match(), Duration.ZERO))
            .map(r -> revision(List.of(r)))).doesNotHaveDuplicates().hasSize(5);
    }

    /** Each line makes another rule of the first one. */
    @Test
    void theRevisionFollowsFromEveryKeyOfARule() {
        List<String> lines = List.of("", "pick = \"round_robin\"", "all_down = \"closed\"", "close_on_down = true", "slow_start = \"1s\"",
            "prefer_ipv6 = true", "proxy_protocol = \"v1\"", "proxy_protocol = \"v2\"", "proxy_protocol = \"v2\"\nproxy_tlvs = [\"ssl\"]",
            "proxy_protocol = \"v2\"\nproxy_tlvs = [\"alpn\"]", "proxy_protocol = \"v2\"\nproxy_pass_tlvs = true", "drain_secs = 1",
            "health = { failures = 4 }", "health = { window = \"31s\" }", "health = { successes = 3 }", "health = { ejection = \"11s\" }",
            "health = { max_ejection = \"6m\" }", "health = { probe = \"tcp\" }", "health = { probe = \"tcp\", interval = \"11s\" }",
            "health = { probe = \"tcp\", timeout = \"4s\" }", "health = { probe = \"tcp\", rise = 3 }", "health = { probe = \"tcp\", fall = 4 }",
            "health = { probe = \"tcp\", port = 1 }", "health = { probe = \"tcp\", proxy = true }", "health = { probe = \"tls\" }",
            "health = { probe = \"tls\", name = \"a\" }", "health = { probe = \"http\" }", "health = { probe = \"http\", host = \"a\" }",
            "health = { probe = \"http\", path = \"/a\" }", "health = { probe = \"http\", status = \"200\" }", "health = { probe = \"talk\" }",
            "health = { probe = \"talk\", send = \"a\" }", "health = { probe = \"talk\", expect = \"a\" }",
            "health = { probe = \"talk\", send = \"a, expect=b\", expect = \"c\" }",
            "health = { probe = \"talk\", send = \"a\", expect = \"b, expect=c\" }",
            "timeouts.peek = \"1s\"", "timeouts.connect_attempt = \"1s\"", "timeouts.connect = \"1s\"", "timeouts.idle = \"1s\"",
            "timeouts.half_closed = \"1s\"", "timeouts.lifetime = \"1s\"", "sockets.keepalive_idle = \"1s\"", "sockets.keepalive_interval = \"1s\"",
            "sockets.keepalive_probes = 1", "sockets.user_timeout = \"1s\"", "sockets.send_buffer = 4096", "sockets.receive_buffer = 4096",
            "sockets.source = \"10.0.0.1\"", "transport = \"xnio\"", "transport = \"epoll\"", "accept_proxy = [\"10.0.0.1\"]",
            "accept_proxy = [\"10.0.0.2\"]", "accept_proxy = [\"10.0.0.1\"]\naccept_proxy_timeout = \"1s\"", "sni = \"a.b.c\"", "sni = \"*.b.c\"",
            "match.kind = \"http\"", "match = { kind = \"http\", name = \"a.b.c\" }", "match.alpn = [\"a\"]", "match.alpn = [\"a\", \"b\"]",
            "match.alpn = [\"a, b\"]", "match.allow = [\"10.0.0.1\"]", "match.deny = [\"10.0.0.1\"]", "match.kind = \"any\"",
            "match = { kind = \"any\", silence = \"1s\" }", "owner = \"a\"", "owner = \"b\"", "labels = { a = \"b\" }",
            "labels = { a = \"b\", c = \"d\" }", "protocol = \"udp\"", "protocol = \"udp\"\nudp_max_flows = 1",
            "protocol = \"udp\"\nudp_flow_idle_secs = 5");

        assertThat(lines.stream().map(line -> Texts.rules(Texts.RULE + line + "\n").revision())).doesNotHaveDuplicates();
    }

    @Test
    void theRevisionFollowsFromEveryKeyOfATarget() {
        List<String> keys = List.of("", ", priority = 1", ", weight = 2", ", max_connections = 1", ", drain = true", ", proxy_protocol = \"v1\"",
            ", proxy_protocol = \"v2\"", ", proxy_protocol = \"v2\", proxy_tlvs = [\"ssl\"]", " }, { host = \"b\", port = 80");

        assertThat(keys.stream().map(key -> Texts.rules(Texts.NOWHERE + "targets = [{ host = \"10.0.0.1\", port = 80" + key + " }]\n")
            .revision()))
            .doesNotHaveDuplicates().startsWith(Texts.rules(Texts.RULE).revision());
        assertThat(List.of("_a._tcp.b", "_a._tcp.c", "_b._tcp.b").stream()
            .map(name -> Texts.rules(Texts.NOWHERE + "targets = [{ srv = \"" + name + "\" }]\n").revision()))
            .doesNotHaveDuplicates().startsWith(Texts.rules(Texts.NOWHERE + "target = \"_a._tcp.b\"\n").revision());
        assertThat(Texts.rules(Texts.RULE + "proxy_protocol = \"v2\"\nproxy_tlvs = [\"ssl\", \"alpn\"]\n"))
            .isEqualTo(Texts.rules(Texts.RULE + "proxy_tlvs = [\"alpn\", \"ssl\", \"ssl\"]\nproxy_protocol = \"v2\"\n"));
    }

    /** Maps have another order in another process. */
    @Test
    void theRevisionFollowsFromSettingsOfPoliciesAndNotFromTheirOrder() {
        Rule rule = rule("a", "b", 80);

        assertThat(Stream.of(Map.<String, Object>of(), Map.<String, Object>of("x", 1L), Map.<String, Object>of("x", "1"),
            Map.<String, Object>of("x", 1L, "y", 2L)).map(values -> revision(List.of(rule.withGovernance(new Governance(Optional.empty(), Map.of(),
                Map.of("crowd", new PolicySettings(values)))))))).doesNotHaveDuplicates().doesNotContain(revision(List.of(rule)));
        assertThat(new RuleIds().fingerprint(rule.withGovernance(new Governance(Optional.empty(), Map.of("a", "1", "b", "2"), Map.of()))))
            .isEqualTo(new RuleIds().fingerprint(rule.withGovernance(new Governance(Optional.empty(), new TreeMap<>(Map.of("b", "2", "a", "1")),
                Map.of()))));
    }

    private static String revision(List<Rule> rules) {
        return KnownRule.set(new RuleReader(Optional.empty()).known(rules)).revision();
    }

    private static Rule with(Rule rule, Match match, Duration drain) {
        return new Rule(rule.id(), rule.name(), rule.description(), rule.enabled(), rule.bind(), rule.listen(), match, rule.targets(),
            rule.timeouts().withDrain(drain), rule.sockets(), rule.proxyTrust());
    }

    private static Rule rule(String name, String description, int port) {
        return new Rule(RuleIds.id(name), name, description, true, Optional.empty(), List.of(PortRange.of(port)), Match.ANY,
            TargetGroup.of(TargetAddress.parse("10.0.0.1:1")), Timeouts.DEFAULT, Sockets.DEFAULT, Optional.empty());
    }
}
