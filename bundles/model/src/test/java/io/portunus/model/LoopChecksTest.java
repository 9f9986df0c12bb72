// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B5: what comes back to its own rule, and what does not. */
class LoopChecksTest {
    /** Rules as "ports target,target [bind=] [sni=] [kind=] [allow=] [trust=] [header] [off]", separated by "|"; result as paths, "ok" for none. */
    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(delimiter = ';', textBlock = """
        80 127.0.0.1:80                                                   ; rule[0].target
        80 127.0.0.1:81                                                   ; ok
        80 127.9.8.7:80                                                   ; rule[0].target
        80 localhost:80                                                   ; rule[0].target
        80 [::1]:80                                                       ; rule[0].target
        80 0.0.0.0:80                                                     ; rule[0].target
        80 [::]:80                                                        ; rule[0].target
        80 [::ffff:127.0.0.1]:80                                          ; rule[0].target
        80 192.0.2.1:80                                                   ; ok
        80 name.test:80                                                   ; ok
        80 127.0.0.1:80 off                                               ; ok
        80 127.0.0.1:80 bind=127.0.0.1                                    ; rule[0].target
        80 127.0.0.1:80 bind=127.0.0.2                                    ; ok
        80 127.0.0.1:80 bind=192.0.2.1                                    ; ok
        80 192.0.2.1:80 bind=192.0.2.1                                    ; rule[0].target
        80 [2001:db8::1]:80 bind=2001:db8::1                              ; rule[0].target
        80 127.0.0.1:80 bind=0.0.0.0                                      ; rule[0].target
        80 [::1]:80 bind=0.0.0.0                                          ; ok
        80 [::1]:80 bind=::                                               ; rule[0].target
        80 10.0.0.1:80,127.0.0.1:80                                       ; rule[0].targets[1]
        80,81 127.0.0.1:81                                                ; rule[0].target
        80-89 127.0.0.1:80-89                                             ; rule[0].target
        80-89 127.0.0.1:81-90                                             ; ok
        80-89 127.0.0.1:90-99                                             ; ok
        80 127.0.0.1:81 | 81 10.0.0.1:80                                  ; ok
        80 127.0.0.1:81 | 81 127.0.0.1:80                                 ; rule[1].target
        80 127.0.0.1:81 | 81 127.0.0.1:80 off                             ; ok
        80 127.0.0.1:81 | 81 10.0.0.1:80,127.0.0.1:82 | 82 localhost:80   ; rule[2].target
        80 127.0.0.1:81 | 81 127.0.0.1:81                                 ; rule[1].target
        80 127.0.0.1:81 bind=192.0.2.1 | 81 192.0.2.1:80                  ; rule[1].target
        443 127.0.0.1:443 sni=a.example                                   ; rule[0].target
        443 127.0.0.1:443 sni=*.a.example                                 ; rule[0].target
        443 127.0.0.1:443 sni=**.a.example | 443 10.0.0.1:1 sni=x.a.example ; rule[0].target
        443 127.0.0.1:444 sni=a.example | 444 127.0.0.1:443 sni=b.example ; ok
        443 127.0.0.1:444 sni=a.example | 444 127.0.0.1:443 sni=a.example ; rule[1].target
        443 127.0.0.1:444 sni=a.example | 444 127.0.0.1:443               ; rule[1].target
        443 127.0.0.1:444 sni=a.example | 444 127.0.0.1:443 kind=tls | 444 10.0.0.1:1 sni=a.example ; ok
        443 127.0.0.1:444 | 443 10.0.0.1:1 sni=a.example | 444 127.0.0.1:443 kind=tls ; rule[2].target
        443 127.0.0.1:443 kind=ssh | 443 10.0.0.1:1 kind=tls              ; rule[0].target
        443 127.0.0.1:443 kind=any | 443 10.0.0.1:1 kind=tls              ; rule[0].target
        80 127.0.0.1:80 allow=192.0.2.0/24 | 80 10.0.0.1:1                ; ok
        80 127.0.0.1:80 allow=127.0.0.0/8 | 80 10.0.0.1:1                 ; rule[0].target
        80 127.0.0.1:80 trust=127.0.0.1                                   ; ok
        80 127.0.0.1:80 trust=127.0.0.1 header                            ; rule[0].target
        80 127.0.0.1:80 header                                            ; rule[0].target
        443 127.0.0.1:443 sni=a.example header                            ; ok
        """)
    void reportsRulesThatLeadBackToThemselves(String rules, String expected) {
        List<Problem> problems = RuleChecks.check(rules(rules), List.of());

        assertThat(problems).allMatch(problem -> problem.code().equals(RuleCode.FORWARDING_LOOP));
        assertThat(problems.isEmpty() ? "ok" : problems.stream().map(Problem::path).collect(Collectors.joining(", "))).isEqualTo(expected);
    }

    @Test
    void statesByWhichRulesItComesBack() {
        assertThat(RuleChecks.check(rules("80 127.0.0.1:80"), List.of())).singleElement().extracting(Problem::text).asString()
            .isEqualTo("the target 127.0.0.1:80 is where the rule itself listens, so a connection would go round until none is left; name the"
                + " server's address, or let the rule listen elsewhere");
        assertThat(RuleChecks.check(rules("80 127.0.0.1:81 | 81 127.0.0.1:82 | 82 127.0.0.1:80"), List.of())).singleElement()
            .extracting(Problem::text).asString().startsWith("the target 127.0.0.1:80 leads back to the rule by rule[0] 'r0' and rule[1] 'r1'");
    }

    /** A change is looked at alone only where it can close no loop. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        80 127.0.0.1:81 | 81 10.0.0.1:1                          ; 80 127.0.0.1:81 | 81 127.0.0.1:80
        80 127.0.0.1:81                                          ; 80 127.0.0.1:81 | 81 127.0.0.1:80
        81 127.0.0.1:80 off | 80 127.0.0.1:81                    ; 81 127.0.0.1:80 | 80 127.0.0.1:81
        44 127.0.0.1:45 sni=a.test | 45 127.0.0.1:44 kind=tls | 45 10.0.0.1:1 sni=a.test ; 44 127.0.0.1:45 sni=a.test | 45 127.0.0.1:44 kind=tls
        80 10.0.0.1:1                                            ; 80 127.0.0.1:80
        """)
    void changeThatClosesALoopIsReported(String before, String after) {
        RuleSet older = new RuleSet("1", rules(before));
        ForwardingTable good = ForwardingTable.compile(older);
        assertThat(RuleChecks.check(older.rules(), List.of())).isEmpty();
        RuleDifference change = RuleDifference.between(older, new RuleSet("2", rules(after)));

        assertThat(RuleChecks.check(good, change, List.of())).extracting(Problem::code).containsExactly(RuleCode.FORWARDING_LOOP);
    }

    private static List<Rule> rules(String text) {
        String[] parts = text.split("\\|");
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            rules.add(rule(i, List.of(parts[i].strip().split(" +"))));
        }
        return rules;
    }

    private static Rule rule(int place, List<String> words) {
        List<PortRange> listen = Arrays.stream(words.getFirst().split(",")).map(PortRange::parse).toList();
        Optional<ProxyHeader> header = words.contains("header") ? Optional.of(ProxyHeader.of(ProxyHeader.Version.V2)) : Optional.empty();
        List<Target> targets = Arrays.stream(words.get(1).split(",")).map(target ->
            new Target(TargetAddress.parse(target), 0, 1, 0, header, false)).toList();
        Match match = word(words, "kind=").map(Match::ofKind).orElseGet(() -> Match.ofSni(word(words, "sni=").map(HostPattern::parse)));
        Match from = word(words, "allow=").flatMap(Cidr::parse).map(block -> match.from(new SourceFilter(List.of(block), List.of()))).orElse(match);
        Rule rule = Rule.of(place, "r" + place, listen, from, targets.getFirst().address())
            .withTargets(TargetGroup.of(targets.getFirst().address()).with(targets))
            .withEnabled(!words.contains("off")).withBind(word(words, "bind=").flatMap(IpLiterals::parse));
        return word(words, "trust=").flatMap(Cidr::parse).map(block ->
            rule.withProxyTrust(new ProxyTrust(List.of(block), ProxyTrust.DEFAULT_DEADLINE))).orElse(rule);
    }

    private static Optional<String> word(List<String> words, String prefix) {
        return words.stream().filter(w -> w.startsWith(prefix)).map(w -> w.substring(prefix.length())).findFirst();
    }
}
