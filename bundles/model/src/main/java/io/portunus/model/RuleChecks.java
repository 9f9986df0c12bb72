// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be wrong with rules that are well-formed each by itself: shapes that do not fit, and rules that get in each other's way. A
 * pure function: the file, the edge and the controller ask it the same. Of two rules that conflict the later one is blamed, with the
 * path {@code rule[<its place, from 0>].<key>}. One method a problem code. A rule that is not enabled holds no port, but its shape is checked.
 */
public final class RuleChecks {
    /** Most pairs of rule and port in one set: four times all ports there are. It bounds what a check or a table can cost. */
    public static final int MAX_CLAIMS = 4 * 65536;

    private static final int NONE = Integer.MAX_VALUE;

    private final List<Rule> rules;
    private final List<Reserved> reserved;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Integer, Map<Optional<InetAddress>, Group>> claims = new HashMap<>();

    private RuleChecks(List<Rule> rules, List<Reserved> reserved) {
        this.rules = rules;
        this.reserved = reserved;
    }

    /**
     * A listener of the appliance itself, which rules must leave alone.
     *
     * @param owner who has it, as it is called in a sentence: {@code "the admin surface"}
     * @param key its address and port; port 0 stands for a port the system picks, which reserves nothing
     */
    public record Reserved(String owner, ListenKey key) {
    }

    /** The rules that listen on one port of one address, by their places, each list in rising order. */
    private static final class Group {
        final List<Integer> all = new ArrayList<>();
        final Map<HostPattern, Integer> firstOfName = new HashMap<>();
        final Map<String, Integer> firstOfKind = new HashMap<>();
        int firstRange = NONE;
        int firstUnnamed = NONE;

        void add(int place, Rule rule, boolean partOfRange) {
            all.add(place);
            if (partOfRange) {
                firstRange = Math.min(firstRange, place);
            }
            if (rule.sni().isPresent()) {
                firstOfName.putIfAbsent(rule.sni().get(), place);
            } else if (rule.match().kind().isPresent()) {
                firstOfKind.putIfAbsent(rule.match().kind().get(), place);
            } else {
                firstUnnamed = Math.min(firstUnnamed, place);
            }
        }

        /** Where TLS goes that no name takes. */
        int firstFallback() {
            return Math.min(firstUnnamed, firstOfKind.getOrDefault(Prelude.TLS, NONE));
        }

        /** The first rule that keeps another from taking every connection of the port. */
        int firstRivalOfAll() {
            int ofKind = firstOfKind.entrySet().stream().filter(e -> !byName() || !e.getKey().equals(Prelude.TLS))
                .mapToInt(Map.Entry::getValue).min().orElse(NONE);
            return byName() ? ofKind : Math.min(ofKind, firstUnnamed);
        }

        boolean byName() {
            return !firstOfName.isEmpty();
        }
    }

    /** Everything that is wrong with the rules, in the order of the rules within each kind; empty when nothing is. */
    public static List<Problem> check(List<Rule> rules, List<Reserved> reserved) {
        RuleChecks checks = new RuleChecks(List.copyOf(rules), List.copyOf(reserved));
        checks.duplicateName();
        checks.rangeInvalid();
        checks.sniOnUnsupportedRule();
        if (checks.tooManyPorts()) {
            return checks.problems;
        }
        checks.collectClaims();
        checks.portInUse();
        checks.sniRouteDuplicate();
        checks.sniFallbackDuplicate();
        checks.kindDuplicate();
        return List.copyOf(checks.problems);
    }

    private void duplicateName() {
        Map<String, Integer> first = new HashMap<>();
        for (int place = 0; place < rules.size(); place++) {
            Integer earlier = first.putIfAbsent(rules.get(place).name(), place);
            if (earlier != null) {
                add(ProblemCode.DUPLICATE_NAME, place, "name", "rule[" + earlier + "] has the name '" + rules.get(place).name()
                    + "' already; names are unique");
            }
        }
    }

    private void rangeInvalid() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            int listen = rule.listenWidth();
            int target = rule.target().ports().width();
            boolean list = rule.listen().size() > 1;
            if (listen == 0) {
                add(ProblemCode.RANGE_INVALID, place, listenKey(rule), "the rule listens on no port; name at least one");
            } else if (target != listen && (target > 1 || !list)) {
                add(ProblemCode.RANGE_INVALID, place, "target", "the rule listens on " + ports(listen) + ", its target "
                    + rule.target() + " has " + ports(target) + "; make both equally wide" + (list ? ", or name a single target port" : ""));
            }
        }
    }

    private void sniOnUnsupportedRule() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            Optional<PortRange> range = rule.listen().stream().filter(r -> r.width() > 1).findFirst();
            if (rule.sni().isPresent() && range.isPresent()) {
                add(ProblemCode.SNI_ON_UNSUPPORTED_RULE, place, "sni", "a rule with a name listens on single ports, not on the range "
                    + range.get() + "; list the ports one by one, or leave the name out");
            }
        }
    }

    private boolean tooManyPorts() {
        long total = rules.stream().filter(Rule::enabled).mapToLong(Rule::listenWidth).sum();
        if (total > MAX_CLAIMS) {
            problems.add(Problem.of(ProblemCode.RANGE_INVALID, "rule", "the rules together listen on " + total + " ports, more than "
                + MAX_CLAIMS + "; use fewer or narrower ranges"));
        }
        return total > MAX_CLAIMS;
    }

    private void portInUse() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            Optional<String> clash = twiceInOneRule(rule);
            if (rule.enabled() && clash.isEmpty()) {
                clash = firstClash(place, rule);
            }
            if (clash.isPresent()) {
                add(ProblemCode.PORT_IN_USE, place, listenKey(rule), clash.get());
            }
        }
    }

    private void sniRouteDuplicate() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            if (!rule.enabled() || rule.sni().isEmpty()) {
                continue;
            }
            for (int port : portsOf(rule)) {
                int first = group(rule, port).firstOfName.getOrDefault(rule.sni().get(), NONE);
                if (first < place) {
                    add(ProblemCode.SNI_ROUTE_DUPLICATE, place, "sni", named(first) + " already takes the name '" + rule.sni().get()
                        + "' on port " + port + "; a name goes to one rule of a port");
                    break;
                }
            }
        }
    }

    private void sniFallbackDuplicate() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            if (!rule.enabled() || rule.sni().isPresent() || !rule.match().kind().orElse(Prelude.TLS).equals(Prelude.TLS)) {
                continue;
            }
            for (int port : portsOf(rule)) {
                Group group = group(rule, port);
                if (group.byName() && group.firstRange == NONE && group.firstFallback() < place) {
                    add(ProblemCode.SNI_FALLBACK_DUPLICATE, place, listenKey(rule), named(group.firstFallback())
                        + " is already the fallback of port " + port + ", which is routed by name; give one of them a name or another port");
                    break;
                }
            }
        }
    }

    private void kindDuplicate() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            Optional<String> kind = rule.match().kind();
            if (!rule.enabled() || rule.sni().isPresent() || kind.isEmpty()) {
                continue;
            }
            for (int port : portsOf(rule)) {
                Group group = group(rule, port);
                int first = group.firstOfKind.getOrDefault(kind.get(), NONE);
                boolean fallback = group.byName() && kind.get().equals(Prelude.TLS);
                if (!fallback && group.firstRange == NONE && first < place) {
                    add(ProblemCode.KIND_DUPLICATE, place, "match.kind", named(first) + " already takes " + kind.get() + " on port " + port
                        + "; a kind of protocol goes to one rule of a port");
                    break;
                }
            }
        }
    }

    private void collectClaims() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            if (rule.enabled()) {
                BitSet seen = new BitSet();
                for (PortRange range : rule.listen()) {
                    for (int port = range.first(); port <= range.last(); port++) {
                        if (!seen.get(port)) {
                            seen.set(port);
                            claims.computeIfAbsent(port, p -> new LinkedHashMap<>())
                                .computeIfAbsent(address(rule.bind()), a -> new Group()).add(place, rule, range.width() > 1);
                        }
                    }
                }
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
        for (int port : portsOf(rule)) {
            Optional<Reserved> holder = reserved.stream()
                .filter(r -> r.key().port() == port && overlap(address(r.key().bind()), address(rule.bind()))).findFirst();
            if (holder.isPresent()) {
                return Optional.of("port " + port + " is taken by " + holder.get().owner() + " (" + holder.get().key()
                    + "); give one of them another port or another address");
            }
            int earlier = earlierHolder(place, rule, port);
            if (earlier < place) {
                return Optional.of("port " + port + " is already taken by " + named(earlier)
                    + "; give one of them another port or another bind address");
            }
        }
        return Optional.empty();
    }

    /** The first rule before {@code place} that cannot share the port with it, or a place not before it. */
    private int earlierHolder(int place, Rule rule, int port) {
        Optional<InetAddress> own = address(rule.bind());
        for (Map.Entry<Optional<InetAddress>, Group> other : claims.getOrDefault(port, Map.of()).entrySet()) {
            int first = other.getValue().all.getFirst();
            if (!other.getKey().equals(own) && overlap(other.getKey(), own) && first < place) {
                return first;
            }
        }
        Group group = group(rule, port);
        boolean inRange = rule.listen().stream().anyMatch(r -> r.width() > 1 && r.contains(port));
        if (inRange) {
            return group.all.getFirst();
        }
        if (group.firstRange < place) {
            return group.firstRange;
        }
        if (rule.sni().isPresent() || group.byName() && rule.match().kind().equals(Optional.of(Prelude.TLS))) {
            return NONE;
        }
        return rule.match().kind().isPresent() ? group.firstUnnamed : group.firstRivalOfAll();
    }

    private Group group(Rule rule, int port) {
        return claims.getOrDefault(port, Map.of()).getOrDefault(address(rule.bind()), new Group());
    }

    private static int[] portsOf(Rule rule) {
        return rule.listen().stream().flatMapToInt(PortRange::ports).distinct().toArray();
    }

    private static boolean overlap(Optional<InetAddress> one, Optional<InetAddress> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    /** Folds {@code 0.0.0.0} and {@code ::} into "every address". */
    private static Optional<InetAddress> address(Optional<InetAddress> bind) {
        return bind.filter(a -> !a.isAnyLocalAddress());
    }

    private static String listenKey(Rule rule) {
        return rule.listen().size() == 1 && rule.listenWidth() == 1 ? "listen_port" : "listen_ports";
    }

    private static String ports(int count) {
        return count == 1 ? "1 port" : count + " ports";
    }

    private String named(int place) {
        return "rule[" + place + "] '" + rules.get(place).name() + "'";
    }

    private void add(ProblemCode code, int place, String key, String text) {
        problems.add(Problem.of(code, "rule[" + place + "]." + key, text));
    }
}
