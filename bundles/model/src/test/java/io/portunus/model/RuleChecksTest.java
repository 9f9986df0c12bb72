// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.RuleChecks.Reserved;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleChecksTest {
    private static final Reserved ADMIN = new Reserved("the admin surface", new ListenKey(IpLiterals.parse("127.0.0.1"), 7080));

    /** Rules as "ports [bind] [sni] [off]", separated by "|"; outcome as "code path" list, "ok" for none. */
    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(delimiter = ';', textBlock = """
        80 | 81                                          ; ok
        80 | 80                                          ; port_in_use rule[1].listen_port
        80 | 80 | 80                                     ; port_in_use rule[1].listen_port, port_in_use rule[2].listen_port
        80 | 80 off                                      ; ok
        80 off | 80                                      ; ok
        443 sni=a.example | 443 sni=b.example            ; ok
        443 sni=a.example | 443 sni=*.a.example          ; ok
        443 sni=a.example | 443 sni=a.example            ; conflict.sni_route_duplicate rule[1].sni
        443 sni=*.a.example | 443 sni=*.a.example        ; conflict.sni_route_duplicate rule[1].sni
        443 sni=a.example | 444 sni=a.example            ; ok
        443 sni=a.example | 443 sni=a.example off        ; ok
        443,444 sni=a.example | 444 sni=a.example        ; conflict.sni_route_duplicate rule[1].sni
        443 sni=a.example | 443                          ; ok
        443 | 443 sni=a.example                          ; ok
        443 sni=a.example | 443 | 443                    ; conflict.sni_fallback_duplicate rule[2].listen_port
        443 | 443 | 443 sni=a.example                    ; conflict.sni_fallback_duplicate rule[1].listen_port
        443 | 443 off | 443 sni=a.example                ; ok
        80-90 | 90-95                                    ; port_in_use rule[1].listen_ports
        80-90 | 85                                       ; port_in_use rule[1].listen_port
        85 | 80-90                                       ; port_in_use rule[1].listen_ports
        80-90 | 91-95                                    ; ok
        80-90 | 85 sni=a.example                         ; port_in_use rule[1].listen_port
        85 sni=a.example | 80-90                         ; port_in_use rule[1].listen_ports
        80,81 | 82,81                                    ; port_in_use rule[1].listen_ports
        80 bind=127.0.0.1 | 80                           ; port_in_use rule[1].listen_port
        80 | 80 bind=127.0.0.1                           ; port_in_use rule[1].listen_port
        80 bind=127.0.0.1 | 80 bind=127.0.0.2            ; ok
        80 bind=127.0.0.1 | 80 bind=::1                  ; ok
        80 bind=127.0.0.1 | 80 bind=127.0.0.1            ; port_in_use rule[1].listen_port
        80 bind=0.0.0.0 | 80 bind=127.0.0.1              ; port_in_use rule[1].listen_port
        443 bind=::1 sni=a.example | 443 sni=b.example   ; port_in_use rule[1].listen_port
        443 bind=::1 sni=a.example | 443 bind=::1        ; ok
        7080                                             ; port_in_use rule[0].listen_port
        7080 bind=127.0.0.1                              ; port_in_use rule[0].listen_port
        7080 bind=127.0.0.2                              ; ok
        7000-7100                                        ; port_in_use rule[0].listen_ports
        7080 off                                         ; ok
        80,80                                            ; port_in_use rule[0].listen_ports
        80,70-90                                         ; port_in_use rule[0].listen_ports
        80,80 off                                        ; port_in_use rule[0].listen_ports
        443,444 sni=a.example                            ; ok
        443-444 sni=a.example                            ; validation.sni_on_unsupported_rule rule[0].sni
        443-444 sni=a.example off                        ; validation.sni_on_unsupported_rule rule[0].sni
        443 kind=mqtt | 443 kind=ssh                     ; ok
        443 kind=mqtt | 443 sni=a.example                ; ok
        443 kind=mqtt | 443 sni=a.example | 443 kind=tls ; ok
        443 kind=mqtt | 443 kind=mqtt                    ; conflict.kind_duplicate rule[1].match.kind
        443 kind=tls | 443 kind=tls                      ; conflict.kind_duplicate rule[1].match.kind
        443 sni=a.example | 443 kind=tls | 443           ; conflict.sni_fallback_duplicate rule[2].listen_port
        443 sni=a.example | 443 | 443 kind=tls           ; conflict.sni_fallback_duplicate rule[2].listen_port
        443 kind=mqtt | 443                              ; port_in_use rule[1].listen_port
        443 | 443 kind=mqtt                              ; port_in_use rule[1].listen_port
        443 kind=tls | 443                               ; port_in_use rule[1].listen_port
        443 kind=mqtt | 440-450                          ; port_in_use rule[1].listen_ports
        """)
    void rulesThatMeetOnAPort(String rules, String expected) {
        List<Problem> problems = RuleChecks.check(rules(rules), List.of(ADMIN));

        assertThat(brief(problems)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} to {1} gives {2}")
    @CsvSource(delimiter = ';', textBlock = """
        80          ; 8080      ; ok
        80          ; 8080-8081 ; range_invalid rule[0].target
        80-90       ; 8080-8090 ; ok
        80-90       ; 8080-8089 ; range_invalid rule[0].target
        80-90       ; 8080      ; range_invalid rule[0].target
        80,90       ; 8080      ; ok
        80-85,90    ; 8080      ; ok
        80-85,90    ; 8080-8086 ; ok
        80-85,90    ; 8080-8085 ; range_invalid rule[0].target
        """)
    void widthsOfListenAndTarget(String listen, String target, String expected) {
        Rule rule = new Rule(1, "a", "", true, Optional.empty(), ranges(listen), Match.ANY,
            TargetAddress.parse("10.0.0.1:" + target), false, Rule.DEFAULT_DRAIN);

        assertThat(brief(RuleChecks.check(List.of(rule), List.of()))).isEqualTo(expected);
    }

    @Test
    void namesTheFirstOffendingPortAndTheRuleThatHasIt() {
        List<Problem> problems = RuleChecks.check(rules("90-95 | 80-99"), List.of());

        assertThat(problems).singleElement().satisfies(p -> assertThat(p.text()).contains("port 90 ").contains("rule[0] 'r0'"));
    }

    @Test
    void reportsEveryProblemAtOnce() {
        List<Rule> rules = new ArrayList<>(rules("80 | 80 | 443-444 sni=a.example"));
        rules.add(rules.getFirst());

        assertThat(brief(RuleChecks.check(rules, List.of()))).isEqualTo("duplicate_name rule[3].name, "
            + "validation.sni_on_unsupported_rule rule[2].sni, port_in_use rule[1].listen_port, port_in_use rule[3].listen_port");
    }

    @Test
    void refusesARuleWithoutPorts() {
        Rule rule = new Rule(1, "a", "", true, Optional.empty(), List.of(), Match.ANY, TargetAddress.parse("10.0.0.1:1"), false, Rule.DEFAULT_DRAIN);

        assertThat(brief(RuleChecks.check(List.of(rule), List.of()))).isEqualTo("range_invalid rule[0].listen_ports");
    }

    @Test
    void refusesMorePortsThanTheBound() {
        List<Rule> rules = rules("1-65535 bind=127.0.0.1 | 1-65535 bind=127.0.0.2 | 1-65535 bind=127.0.0.3 | 1-65535 bind=127.0.0.4"
            + " | 1-65535 bind=127.0.0.5");

        assertThat(brief(RuleChecks.check(rules, List.of()))).isEqualTo("range_invalid rule");
    }

    @Test
    void anEphemeralReservedPortTakesNothing() {
        Reserved ephemeral = new Reserved("the admin surface", new ListenKey(Optional.empty(), 0));

        assertThat(RuleChecks.check(rules("80"), List.of(ephemeral))).isEmpty();
    }

    @Test
    void aThousandNamesOnOnePortAreFine() {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            rules.add(rule(i, "443 sni=h" + i + ".example"));
        }

        assertThat(RuleChecks.check(rules, List.of(ADMIN))).isEmpty();
    }

    private static List<Rule> rules(String text) {
        String[] parts = text.split("\\|");
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            rules.add(rule(i, parts[i].strip()));
        }
        return rules;
    }

    private static Rule rule(int place, String text) {
        List<String> words = List.of(text.split(" +"));
        List<PortRange> listen = ranges(words.getFirst());
        int width = listen.stream().mapToInt(PortRange::width).sum();
        Optional<InetAddress> bind = word(words, "bind=").flatMap(IpLiterals::parse);
        Match match = word(words, "kind=").map(Match::ofKind).orElseGet(() -> Match.ofSni(word(words, "sni=").map(HostPattern::parse)));
        return new Rule(place, "r" + place, "", !words.contains("off"), bind, listen, match,
            new TargetAddress("10.0.0.1", new PortRange(1, width)), false, Rule.DEFAULT_DRAIN);
    }

    private static Optional<String> word(List<String> words, String prefix) {
        return words.stream().filter(w -> w.startsWith(prefix)).map(w -> w.substring(prefix.length())).findFirst();
    }

    private static List<PortRange> ranges(String text) {
        return Arrays.stream(text.split(",")).map(PortRange::parse).toList();
    }

    private static String brief(List<Problem> problems) {
        return problems.isEmpty() ? "ok"
            : String.join(", ", problems.stream().map(p -> p.code().code() + " " + p.path()).toList());
    }
}
