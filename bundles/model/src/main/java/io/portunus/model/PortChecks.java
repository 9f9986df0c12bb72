// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.PortClaims.Group;
import io.portunus.model.PortClaims.Slot;
import io.portunus.model.RuleChecks.Reserved;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** Rules that meet on a port. One method a problem code; of each rule and code the first port is reported. Confined to one thread. */
final class PortChecks {
    private final Findings findings;
    private final List<Rule> rules;
    private final List<Slot> slots;
    private final List<Reserved> reserved;
    private final Map<PortOf, PortClaims> claims = new HashMap<>();

    /** A port of one protocol, which has nothing to do with the same port of another. */
    private record PortOf(Protocol protocol, int port) {
    }

    PortChecks(Findings findings, List<Reserved> reserved) {
        this.findings = findings;
        this.rules = findings.rules();
        this.slots = Slot.of(rules);
        this.reserved = reserved;
    }

    void run() {
        for (int place = 0; place < rules.size(); place++) {
            if (rules.get(place).enabled()) {
                claim(place);
            }
        }
        portInUse();
        sniRouteDuplicate();
        sniFallbackDuplicate();
        kindDuplicate();
        proxyTrustConflict();
        transportConflict();
        tooManyExpressions();
        tooManyConditional();
    }

    private void claim(int place) {
        BitSet seen = new BitSet();
        for (PortRange range : rules.get(place).listen()) {
            for (int port = range.first(); port <= range.last(); port++) {
                if (!seen.get(port)) {
                    seen.set(port);
                    claim(place, port, range.width() > 1);
                }
            }
        }
    }

    private void claim(int place, int port, boolean partOfRange) {
        for (Protocol protocol : rules.get(place).protocols().each()) {
            claimed(new PortOf(protocol, port)).add(place, rules.get(place), slots.get(place), partOfRange);
        }
    }

    private void portInUse() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            Optional<String> clash = twiceInOneRule(rule);
            if (rule.enabled() && clash.isEmpty()) {
                clash = firstClash(place, rule);
            }
            if (clash.isPresent()) {
                findings.add(ProblemCode.PORT_IN_USE, place, Findings.listenKey(rule), clash.get());
            }
        }
    }

    private static Optional<String> twiceInOneRule(Rule rule) {
        BitSet seen = new BitSet();
        for (PortRange range : rule.listen()) {
            int twice = seen.nextSetBit(range.first());
            if (twice >= 0 && twice <= range.last()) {
                return Optional.of("the rule lists port " + twice + " twice; list it once");
            }
            seen.set(range.first(), range.last() + 1);
        }
        return Optional.empty();
    }

    private Optional<String> firstClash(int place, Rule rule) {
        for (PortRange range : rule.listen()) {
            for (int port = range.first(); port <= range.last(); port++) {
                for (Protocol protocol : rule.protocols().each()) {
                    Optional<String> clash = clash(place, rule, new PortOf(protocol, port), range.width() > 1);
                    if (clash.isPresent()) {
                        return clash;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> clash(int place, Rule rule, PortOf at, boolean partOfRange) {
        Optional<Reserved> holder = holder(rule, at);
        if (holder.isPresent()) {
            return Optional.of("port " + at.port() + " is taken by " + holder.get().owner() + " (" + holder.get().key()
                + "); give one of them another port or another address");
        }
        PortClaims held = claimed(at);
        int rival = held.group(rule).firstRival(rule.match(), slots.get(place), partOfRange);
        int earlier = Math.min(held.firstOverlap(rule), rival);
        return earlier >= place ? Optional.empty() : Optional.of("port " + at.port() + " is already taken by " + findings.named(earlier)
            + "; give one of them another port or another bind address" + remedy(rule, rules.get(earlier)));
    }

    /** Where rules without a kind meet rules of a kind, the operator has most likely left out what the former are for. */
    private static String remedy(Rule one, Rule other) {
        return one.match().kind().isPresent() == other.match().kind().isPresent() ? ""
            : ", or say match.kind: \"tls\" for the rest of TLS, \"" + Match.REST + "\" for whatever the others do not take";
    }

    private Optional<Reserved> holder(Rule rule, PortOf at) {
        for (Reserved one : reserved) {
            if (one.key().overlaps(new ListenKey(at.protocol(), rule.bind(), at.port()))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private void sniRouteDuplicate() {
        eachFirst((place, rule) -> rule.match().name().isPresent(), (place, at) -> {
            Rule rule = rules.get(place);
            int first = group(rule, at).firstLike(slots.get(place));
            if (first < place) {
                findings.add(RuleCode.SNI_ROUTE_DUPLICATE, place, Findings.nameKey(rule), findings.named(first) + " already takes the name '"
                    + rule.match().name().get() + "' on port " + at.port()
                    + "; a name goes to one rule of a port, unless they differ by alpn, allow or deny");
            }
            return first < place;
        });
    }

    /** Whether it takes what no name takes, where others ask for names. */
    private static boolean fallback(Rule rule, Protocol protocol) {
        return rule.match().name().isEmpty() && rule.kind(protocol).filter(kind -> !protocol.fallsBackTo(kind)).isEmpty();
    }

    private void sniFallbackDuplicate() {
        eachFirst((place, rule) -> rule.match().name().isEmpty(), (place, at) -> {
            Rule rule = rules.get(place);
            Group group = group(rule, at);
            int first = group.firstFallback(slots.get(place), at.protocol());
            boolean duplicate = fallback(rule, at.protocol()) && group.byName() && !group.hasRange() && first < place;
            if (duplicate) {
                findings.add(RuleCode.SNI_FALLBACK_DUPLICATE, place, Findings.listenKey(rule), findings.named(first)
                    + " is already the fallback of port " + at.port() + ", which is routed by name; give one of them a name or another port");
            }
            return duplicate;
        });
    }

    private void kindDuplicate() {
        eachFirst((place, rule) -> rule.match().name().isEmpty() && rule.match().kind().isPresent(), (place, at) -> {
            Rule rule = rules.get(place);
            String kind = rule.kind(at.protocol()).orElseThrow();
            Group group = group(rule, at);
            int first = group.firstLike(slots.get(place));
            boolean fallback = group.byName() && fallback(rule, at.protocol());
            boolean duplicate = !fallback && !group.hasRange() && first < place;
            if (duplicate) {
                findings.add(RuleCode.KIND_DUPLICATE, place, "match.kind", findings.named(first) + " already takes " + kind + " on port " + at.port()
                    + "; a kind of protocol goes to one rule of a port, unless they differ by alpn, allow or deny");
            }
            return duplicate;
        });
    }

    private void proxyTrustConflict() {
        eachFirst((place, rule) -> true, (place, at) -> {
            Rule rule = rules.get(place);
            int first = group(rule, at).first();
            boolean differs = first != place && !sameTrust(rule.proxyTrust(), rules.get(first).proxyTrust());
            if (differs) {
                findings.add(RuleCode.PROXY_TRUST_CONFLICT, place, "accept_proxy", findings.named(first) + " has port " + at.port()
                    + " too and trusts other sources with a PROXY header, or gives it another time; the header comes"
                    + " before the rule is known, so say the same in both");
            }
            return differs;
        });
    }

    private static boolean sameTrust(Optional<ProxyTrust> one, Optional<ProxyTrust> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() && other.isEmpty();
        }
        return one.get().equals(other.get()) || one.get().deadline().equals(other.get().deadline())
            && Set.copyOf(one.get().sources()).equals(Set.copyOf(other.get().sources()));
    }

    private void transportConflict() {
        eachFirst((place, rule) -> true, (place, at) -> {
            Rule rule = rules.get(place);
            int first = group(rule, at).first();
            boolean differs = first != place && !rule.sockets().transport().equals(rules.get(first).sockets().transport());
            if (differs) {
                findings.add(RuleCode.TRANSPORT_CONFLICT, place, "transport", findings.named(first) + " has port " + at.port()
                    + " too and wants another transport; a port is bound by one, so say the same in both");
            }
            return differs;
        });
    }

    private void tooManyExpressions() {
        Map<Group, Set<HostPattern>> expressions = new HashMap<>();
        Set<Group> full = new HashSet<>();
        eachFirst((place, rule) -> rule.match().name().filter(n -> n.form() == HostPattern.Form.EXPRESSION).isPresent(), (place, at) -> {
            Rule rule = rules.get(place);
            Group group = group(rule, at);
            Set<HostPattern> ofGroup = expressions.computeIfAbsent(group, g -> new HashSet<>());
            ofGroup.add(rule.match().name().orElseThrow());
            if (ofGroup.size() <= Listener.MAX_EXPRESSIONS || !full.add(group)) {
                return false;
            }
            findings.add(ProblemCode.INVALID_VALUE, place, Findings.nameKey(rule), "port " + at.port() + " has more than " + Listener.MAX_EXPRESSIONS
                + " regular expressions, which are tried one by one; use names and wildcards, or '|' in one expression");
            return true;
        });
    }

    private void tooManyConditional() {
        Map<Group, Map<Slot, Integer>> counts = new HashMap<>();
        eachFirst((place, rule) -> rule.match().conditional(), (place, at) -> {
            Rule rule = rules.get(place);
            Slot every = new Slot(slots.get(place).kind(), rule.match().name(), Slot.ALWAYS);
            boolean over = counts.computeIfAbsent(group(rule, at), g -> new HashMap<>()).merge(every, 1, Integer::sum)
                == Listener.MAX_CONDITIONAL + 1;
            if (over) {
                findings.add(ProblemCode.INVALID_VALUE, place, "match", "port " + at.port() + " has more than " + Listener.MAX_CONDITIONAL
                    + " rules that want the same and differ by alpn, allow or deny only, and they are tried one by one; join some");
            }
            return over;
        });
    }

    /** Asks for the ports of the rules that are wanted, until the answer is yes. */
    private void eachFirst(BiPredicate<Integer, Rule> wanted, BiPredicate<Integer, PortOf> isFound) {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            if (rule.enabled() && wanted.test(place, rule)) {
                findFirst(place, rule, isFound);
            }
        }
    }

    private static void findFirst(int place, Rule rule, BiPredicate<Integer, PortOf> isFound) {
        for (PortRange range : rule.listen()) {
            for (int port = range.first(); port <= range.last(); port++) {
                for (Protocol protocol : rule.protocols().each()) {
                    if (isFound.test(place, new PortOf(protocol, port))) {
                        return;
                    }
                }
            }
        }
    }

    private Group group(Rule rule, PortOf at) {
        return claimed(at).group(rule);
    }

    private PortClaims claimed(PortOf at) {
        return claims.computeIfAbsent(at, its -> new PortClaims());
    }
}
