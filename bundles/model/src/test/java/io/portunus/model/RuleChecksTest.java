// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.RuleChecks.Reserved;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleChecksTest {
    /** Far above what it takes on a busy machine, and far below what comparing every rule with every other would. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static final Reserved ADMIN = new Reserved("the admin surface", ListenKey.tcp(IpLiterals.parse("127.0.0.1"), 7080));

    /** Rules as "ports [bind] [sni] [off]", separated by "|"; result as "code path" list, "ok" for none. */
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
        80 bind=0.0.0.0 | 80 bind=::                     ; ok
        80 bind=0.0.0.0 | 80 bind=::1                    ; ok
        80 bind=:: | 80 bind=127.0.0.1 | 80 bind=127.0.0.2 ; ok
        80 bind=:: | 80 bind=::1                         ; port_in_use rule[1].listen_port
        80 bind=::1 | 80 bind=::                         ; port_in_use rule[1].listen_port
        80 bind=0.0.0.0 | 80                             ; port_in_use rule[1].listen_port
        80 | 80 bind=::                                  ; port_in_use rule[1].listen_port
        443 bind=0.0.0.0 sni=a.example | 443 bind=:: sni=a.example ; ok
        443 bind=0.0.0.0 sni=a.example | 443 bind=0.0.0.0 sni=a.example ; conflict.sni_route_duplicate rule[1].sni
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
        440-450 kind=mqtt | 443 sni=a.example | 443      ; port_in_use rule[1].listen_port, port_in_use rule[2].listen_port
        443 sni=**.a.example | 443 sni=*.a.example       ; ok
        443 sni=**.a.example | 443 sni=**.A.example      ; conflict.sni_route_duplicate rule[1].sni
        443 sni=~a.* | 443 sni=~b.*                      ; ok
        443 sni=~a.* | 443 sni=~A.*                      ; conflict.sni_route_duplicate rule[1].sni
        443 sni=a.example | 443 sni=a.example alpn=h2    ; ok
        443 sni=a.example alpn=h2,x | 443 sni=a.example alpn=x,h2 ; conflict.sni_route_duplicate rule[1].sni
        443 sni=a.example allow=10.0.0.0/8 | 443 sni=a.example    ; ok
        443 sni=a.example allow=10.0.0.0/8,::1 | 443 sni=a.example allow=::1,10.0.0.0/8 ; conflict.sni_route_duplicate rule[1].sni
        443 name=http/a.example | 443 name=http/b.example | 443 sni=a.example ; ok
        443 name=http/a.example | 443 name=http/a.example ; conflict.sni_route_duplicate rule[1].match.name
        443 name=http/a.example | 443                    ; port_in_use rule[1].listen_port
        443-444 name=http/a.example                      ; validation.sni_on_unsupported_rule rule[0].match.name
        443 sni=a.example | 443 | 443 allow=10.0.0.0/8   ; ok
        443 sni=a.example | 443 allow=::1 | 443 kind=tls allow=::1 ; conflict.sni_fallback_duplicate rule[2].listen_port
        443 kind=tls | 443 kind=tls alpn=h2              ; ok
        443 kind=tls alpn=h2 | 443 kind=tls alpn=h2      ; conflict.kind_duplicate rule[1].match.kind
        443 kind=tls alpn=h2 | 443                       ; port_in_use rule[1].listen_port
        443 kind=any | 443 sni=a.example | 443 kind=ssh  ; ok
        443 kind=any | 443 kind=any                      ; conflict.kind_duplicate rule[1].match.kind
        443 kind=any | 443 kind=any allow=::1            ; ok
        443 kind=any | 443                               ; port_in_use rule[1].listen_port
        443 kind=any | 443 sni=a.example | 443           ; port_in_use rule[2].listen_port
        80 | 80 allow=::1 | 80 allow=10.0.0.0/8          ; ok
        80 allow=::1 | 80 | 80 allow=::1 | 80            ; port_in_use rule[2].listen_port, port_in_use rule[3].listen_port
        80-90 | 85-95 allow=::1                          ; ok
        80-90 allow=::1 | 85 allow=::1                   ; port_in_use rule[1].listen_port
        80 trust=::1 | 80 allow=::1                      ; conflict.proxy_trust rule[1].accept_proxy
        80 trust=::1,10.0.0.0/8 | 80 allow=::1 trust=10.0.0.0/8,::1 ; ok
        443 sni=a.example | 443 sni=b.example trust=::1 | 444 trust=::1 ; conflict.proxy_trust rule[1].accept_proxy
        80 bind=127.0.0.1 trust=::1 | 80 bind=127.0.0.2  ; ok
        443 udp | 443                                    ; ok
        443 udp | 443 udp                                ; port_in_use rule[1].listen_port
        7080 udp                                         ; ok
        443 sni=a.example udp | 443 sni=a.example        ; ok
        443 sni=a.example udp | 443 sni=a.example udp    ; conflict.sni_route_duplicate rule[1].sni
        443 sni=a.example udp alpn=h3 | 443 sni=a.example udp ; ok
        443 sni=a.example udp | 443 udp | 443 sni=a.example   ; ok
        443 sni=a.example udp | 443 udp | 443 udp        ; conflict.sni_fallback_duplicate rule[2].listen_port
        443 sni=a.example udp | 443 udp | 443 udp kind=any    ; port_in_use rule[2].listen_port
        443 sni=a.example udp | 443 udp kind=quic | 443 udp   ; ok
        443 sni=a.example udp | 443 udp kind=quic | 443 udp kind=quic ; conflict.kind_duplicate rule[2].match.kind
        443 udp kind=quic | 443 udp                      ; port_in_use rule[1].listen_port
        443 udp kind=quic | 443 udp kind=dns | 443 udp kind=any ; ok
        443-444 sni=a.example udp                        ; validation.sni_on_unsupported_rule rule[0].sni
        53 udp trust=::1 | 53 udp allow=::1               ; conflict.proxy_trust rule[1].accept_proxy
        53 udp trust=::1 | 53                             ; ok
        443 udp kind=tls                                 ; validation.not_for_protocol rule[0].match.kind
        443 kind=quic                                    ; validation.not_for_protocol rule[0].match.kind
        443 both kind=quic                               ; validation.not_for_protocol rule[0].match.kind
        443 both kind=tls                                ; ok
        443 both | 443                                   ; port_in_use rule[1].listen_port
        443 udp | 443 both                               ; port_in_use rule[1].listen_port
        443 both | 444 udp | 444                         ; ok
        7080 both                                        ; port_in_use rule[0].listen_port
        443 both sni=a.example | 443 sni=b.example | 443 udp sni=b.example ; ok
        443 both sni=a.example | 443 sni=a.example       ; conflict.sni_route_duplicate rule[1].sni
        443 udp sni=a.example | 443 both sni=a.example   ; conflict.sni_route_duplicate rule[1].sni
        443 both sni=a.example | 443 udp | 443 both      ; conflict.sni_fallback_duplicate rule[2].listen_port
        443 both sni=a.example | 443 | 443 udp           ; ok
        443 both sni=a.example | 443 both                ; ok
        443 both kind=tls | 443 udp kind=quic            ; conflict.kind_duplicate rule[1].match.kind
        443 both sni=a.example trust=::1 | 443 udp sni=b.example ; conflict.proxy_trust rule[1].accept_proxy
        443-444 both sni=a.example                       ; validation.sni_on_unsupported_rule rule[0].sni
        80 over=epoll | 80 allow=::1                     ; conflict.transport rule[1].transport
        80 over=epoll | 80 allow=::1 over=epoll          ; ok
        80 over=epoll | 80 allow=::1 over=xnio off       ; ok
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
        Rule rule = Rule.of(1, "a", ranges(listen), Match.ANY,
            TargetAddress.parse("10.0.0.1:" + target));

        assertThat(brief(RuleChecks.check(List.of(rule), List.of()))).isEqualTo(expected);
    }

    /** Each record names one port, and a range needs as many. */
    @ParameterizedTest(name = "{0} to {1} gives {2}")
    @CsvSource(delimiter = ';', textBlock = """
        80          ; _a._tcp.test            ; ok
        80,90       ; _a._tcp.test            ; ok
        80-81       ; _a._tcp.test            ; range_invalid rule[0].target
        80,90-91    ; _a._tcp.test            ; range_invalid rule[0].target
        80-81       ; a.test:1-2|_a._tcp.test ; range_invalid rule[0].targets[1]
        """)
    void servicesHaveNoRanges(String listen, String targets, String expected) {
        List<Target> all = Arrays.stream(targets.split("\\|")).map(RuleChecksTest::target).toList();
        Rule rule = Rule.of(1, "a", ranges(listen), Match.ANY, all.getFirst().address());

        assertThat(brief(RuleChecks.check(List.of(rule.withTargets(rule.targets().with(all))), List.of()))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "targets {0} give {1}")
    @CsvSource(delimiter = ';', textBlock = """
        ''                                 ; targets_empty rule[0].targets
        a.test:1 | b.test:1 | a.test:2     ; ok
        a.test:1 | b.test:1 | A.test:1     ; targets_duplicate rule[0].targets[2]
        [::1]:1 | [0:0:0::1]:1             ; targets_duplicate rule[0].targets[1]
        a.test:1 | a.test:1-2              ; range_invalid rule[0].targets[1]
        _a._tcp.test | b.test:1            ; ok
        _a._tcp.test | _A._tcp.test.       ; targets_duplicate rule[0].targets[1]
        a.test:1 v1                        ; ok
        a.test:1 v2 crc                    ; ok
        a.test:1 v1 crc                    ; validation.proxy_protocol_invalid rule[0].target
        a.test:1 v1 pass                   ; validation.proxy_protocol_invalid rule[0].target
        a.test:1 v2 crc | b.test:1 v1 crc  ; validation.proxy_protocol_invalid rule[0].targets[1]
        """)
    void targetsOfARule(String targets, String expected) {
        List<Target> all = Arrays.stream(targets.split("\\|")).map(String::strip).filter(t -> !t.isEmpty()).map(RuleChecksTest::target).toList();
        Rule rule = rules("80").getFirst();

        assertThat(brief(RuleChecks.check(List.of(rule.withTargets(rule.targets().with(all))), List.of()))).isEqualTo(expected);
    }

    private static Target target(String text) {
        List<String> words = List.of(text.split(" "));
        Set<ProxyHeader.Tlv> tlvs = words.contains("crc") ? Set.of(ProxyHeader.Tlv.CRC32C) : Set.of();
        Optional<ProxyHeader> proxy = words.size() == 1 ? Optional.empty() : Optional.of(new ProxyHeader(
            words.contains("v1") ? ProxyHeader.Version.V1 : ProxyHeader.Version.V2, tlvs, words.contains("pass")));
        return new Target(TargetAddress.parse(words.getFirst()), 0, 1, 0, proxy, false);
    }

    /** U5: a connection that is made was answered. */
    @Test
    void silenceIsOfDatagrams() {
        Rule rule = rules("80").getFirst();
        TargetGroup group = rule.targets();
        Rule silent = rule.withTargets(new TargetGroup(group.targets(), group.pick(), false,
            group.health().with(new SilencePolicy(80, 10, Duration.ofSeconds(1))), group.allDown(), false, Duration.ZERO));

        assertThat(brief(RuleChecks.check(List.of(silent), List.of()))).isEqualTo("validation.not_for_protocol rule[0].health.silence");
        assertThat(brief(RuleChecks.check(List.of(silent.withProtocol(Protocol.UDP)), List.of()))).isEqualTo("ok");
    }

    @Test
    void refusesMoreTargetsThanTheBound() {
        Rule rule = rules("80").getFirst();
        List<Target> targets = IntStream.rangeClosed(1, 65).mapToObj(port -> target("a.test:" + port)).toList();

        assertThat(brief(RuleChecks.check(List.of(rule.withTargets(rule.targets().with(targets))), List.of())))
            .isEqualTo("targets_too_many rule[0].targets");
        assertThat(RuleChecks.check(List.of(rule.withTargets(rule.targets().with(targets.subList(0, 64)))), List.of())).isEmpty();
    }

    @Test
    void boundsTheExpressionsOfAPort() {
        List<Rule> rules = rules(String.join("|", IntStream.range(0, 65).mapToObj(i -> "443 sni=~a" + i + ".*").toList()));

        assertThat(RuleChecks.check(rules.subList(0, 64), List.of())).isEmpty();
        assertThat(brief(RuleChecks.check(rules, List.of()))).isEqualTo("invalid_value rule[64].sni");
    }

    @Test
    void boundsTheConditionalRulesOfOneName() {
        List<Rule> rules = rules(String.join("|", IntStream.range(0, 66).mapToObj(i -> "443 sni=a.test allow=10.0.0." + i).toList()));

        assertThat(RuleChecks.check(rules.subList(0, 64), List.of())).isEmpty();
        assertThat(brief(RuleChecks.check(rules, List.of()))).isEqualTo("invalid_value rule[64].match");
    }

    @Test
    void boundsTheBlocksAndProtocolsOfARule() {
        String blocks = String.join(",", IntStream.range(0, 257).mapToObj(i -> "10.0." + i / 256 + "." + i % 256).toList());
        String alpn = String.join(",", IntStream.range(0, 17).mapToObj(i -> "p" + i).toList());

        assertThat(brief(RuleChecks.check(rules("443 sni=a.test allow=" + blocks + " | 443 sni=a.test alpn=" + alpn), List.of())))
            .isEqualTo("invalid_value rule[0].match.allow, invalid_value rule[1].match.alpn");
    }

    @Test
    void tenThousandNamesAreCheckedAndCompiledAtOnce() {
        List<Rule> rules = IntStream.range(0, 10_000).mapToObj(i -> rule(i, "443 sni=h" + i + ".example")).toList();

        long began = System.nanoTime();
        assertThat(RuleChecks.check(rules, List.of(ADMIN))).isEmpty();
        ForwardingTable.compile(new RuleSet("", rules));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
    }

    @Test
    void tenThousandRulesOnAddressesOfTheirOwnAreCheckedAtOnce() {
        List<Rule> rules = IntStream.range(0, 10_000).mapToObj(i -> rule(i, "443 bind=127.1." + i / 250 + "." + (i % 250 + 1))).toList();

        long began = System.nanoTime();
        assertThat(RuleChecks.check(rules, List.of(ADMIN))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
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
        Rule rule = Rule.of(1, "a", List.of(), Match.ANY, TargetAddress.parse("10.0.0.1:1"));

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
        Reserved ephemeral = new Reserved("the admin surface", ListenKey.tcp(Optional.empty(), 0));

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
        Protocols protocols = words.contains("both") ? Protocols.TCP_AND_UDP : words.contains("udp") ? Protocols.UDP : Protocols.TCP;
        Rule rule = Rule.of(place, "r" + place, listen, match(words, protocols), new TargetAddress.Host("10.0.0.1", new PortRange(1, width)))
            .withEnabled(!words.contains("off")).withBind(bind).withProtocols(protocols);
        Rule carried = word(words, "over=").map(by -> over(rule, by)).orElse(rule);
        return word(words, "trust=").map(trusted -> carried.withProxyTrust(new ProxyTrust(blocks(trusted), ProxyTrust.DEFAULT_DEADLINE)))
            .orElse(carried);
    }

    private static Match match(List<String> words, Protocols protocols) {
        Match match = word(words, "name=").map(n -> n.split("/")).map(n -> Match.ofName(n[0], HostPattern.parse(n[1])))
            .or(() -> word(words, "kind=").map(Match::ofKind))
            .orElseGet(() -> Match.ofSni(protocols, word(words, "sni=").map(HostPattern::parse)));
        Match offering = word(words, "alpn=").map(alpn -> match.offering(List.of(alpn.split(",")))).orElse(match);
        return word(words, "allow=").map(allowed -> offering.from(new SourceFilter(blocks(allowed), List.of()))).orElse(offering);
    }

    private static List<Cidr> blocks(String text) {
        return Arrays.stream(text.split(",")).map(b -> Cidr.parse(b).orElseThrow()).toList();
    }

    private static Rule over(Rule rule, String transport) {
        Sockets sockets = new Sockets(SocketTuning.DEFAULT, SocketTuning.DEFAULT, Optional.empty(), Optional.of(transport));
        return new Rule(rule.id(), rule.name(), "", rule.enabled(), rule.bind(), rule.listen(), rule.match(), rule.targets(), rule.timeouts(),
            sockets, rule.proxyTrust());
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
