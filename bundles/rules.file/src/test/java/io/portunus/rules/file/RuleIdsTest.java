// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    void theRevisionFollowsFromEverythingARuleSays() {
        String revision = RuleIds.revision(List.of(rule("a", "b", 80)));

        assertThat(revision).matches("[0-9a-f]{16}").isEqualTo(RuleIds.revision(List.of(rule("a", "b", 80))));
        assertThat(RuleIds.revision(List.of(rule("ab", "", 80)))).isNotEqualTo(revision);
        assertThat(RuleIds.revision(List.of(rule("a", "b", 81)))).isNotEqualTo(revision);
        assertThat(RuleIds.revision(List.of(rule("a", "b", 80), rule("c", "", 81))))
            .isNotEqualTo(RuleIds.revision(List.of(rule("c", "", 81), rule("a", "b", 80))));
    }

    @Test
    void suggestionsAreAtMostTwoEditsAway() {
        assertThat(Spelling.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.nearest("taget", List.of("target", "sni"))).contains("target");
        assertThat(Spelling.nearest("xy", List.of("target", "sni"))).isEmpty();
    }

    @Test
    void theRevisionFollowsFromMatchAndDrain() {
        Rule rule = rule("a", "b", 80);

        assertThat(Stream.of(rule, with(rule, Match.ofKind("tls"), rule.drain()), with(rule, Match.ofKind("redis"), rule.drain()),
            with(rule, Match.ofSni(Optional.of(HostPattern.parse("a.example.com"))), rule.drain()), with(rule, rule.match(), Duration.ZERO))
            .map(r -> RuleIds.revision(List.of(r)))).doesNotHaveDuplicates().hasSize(5);
    }

    private static Rule with(Rule rule, Match match, Duration drain) {
        return new Rule(rule.id(), rule.name(), rule.description(), rule.enabled(), rule.bind(), rule.listen(), match, rule.target(),
            rule.preferIpv6(), drain);
    }

    private static Rule rule(String name, String description, int port) {
        return new Rule(RuleIds.id(name), name, description, true, Optional.empty(), List.of(PortRange.of(port)), Match.ANY,
            TargetAddress.parse("10.0.0.1:1"), false, Rule.DEFAULT_DRAIN);
    }
}
