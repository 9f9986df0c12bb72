// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Routed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The routes of one listener by what they require. Immutable.
 *
 * @param plain where nothing is looked at
 * @param byKind by the kind of protocol
 * @param rest for what nobody recognises
 */
record Routing(Choice plain, Map<String, KindRoutes> byKind, Choice rest) {
    /** Gathers the routes of rules, in their order. */
    static Routing of(ListenKey key, List<Rule> rules) {
        Map<String, KindRoutes.Builder> kinds = new HashMap<>();
        Choice rest = Choice.NONE;
        Choice every = Choice.NONE;
        boolean named = rules.stream().anyMatch(r -> r.sni().isPresent());
        for (Rule rule : rules) {
            String kind = kind(key, rule, named);
            Routed routed = routed(key, rule, kind);
            switch (kind) {
                case "" -> every = every.and(Choice.of(routed));
                case Match.REST -> rest = rest.and(Choice.of(routed));
                default -> kinds.computeIfAbsent(kind, k -> new KindRoutes.Builder()).add(rule.match().name(), routed);
            }
        }
        return new Routing(every, kinds.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().build())),
            rest);
    }

    /** Where names are asked for, a rule without a kind takes the rest, as {@link Protocol#fallbackKind} has it, not everything. */
    static String kind(ListenKey key, Rule rule, boolean named) {
        return rule.kind(key.protocol()).orElse(named ? key.protocol().fallbackKind() : "");
    }

    /** Routes by kind, but for some kinds. */
    static Map<String, KindRoutes> without(Map<String, KindRoutes> byKind, Set<String> kinds) {
        return byKind.entrySet().stream().filter(its -> !kinds.contains(its.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Routed routed(ListenKey key, Rule rule, String kind) {
        return new Routed(new Route(rule, matchedBy(rule, kind), rule.targetsFor(key.port())));
    }

    private static Route.MatchedBy matchedBy(Rule rule, String kind) {
        if (rule.match().name().isPresent()) {
            return switch (rule.match().name().get().form()) {
                case EXACT -> Route.MatchedBy.EXACT;
                case ONE_LABEL, ANY_LABELS -> Route.MatchedBy.WILDCARD;
                case EXPRESSION -> Route.MatchedBy.EXPRESSION;
            };
        }
        return switch (kind) {
            case "" -> Route.MatchedBy.PLAIN;
            case Match.REST -> rule.match().kind().isPresent() ? Route.MatchedBy.REST : Route.MatchedBy.FALLBACK;
            case Prelude.TLS, Prelude.QUIC -> Route.MatchedBy.FALLBACK;
            default -> Route.MatchedBy.KIND;
        };
    }

    /** Whether a name is asked for in a hello. */
    private boolean named() {
        return byKind.getOrDefault(Prelude.TLS, KindRoutes.NONE).named() || byKind.getOrDefault(Prelude.QUIC, KindRoutes.NONE).named();
    }

    /**
     * The same routes after one rule came, went, or changed, where the order of the rules cannot matter and no kind comes or goes; else
     * empty, and the routes are gathered anew.
     *
     * @param older the rule before, if it was on the listener
     * @param newer the rule now, if it is on the listener
     */
    Optional<Routing> with(ListenKey key, Optional<Rule> older, Optional<Rule> newer) {
        if (older.isPresent() && newer.isPresent() && sameWish(older.get().match(), newer.get().match())) {
            return replaced(key, older.get(), newer.get());
        }
        return Optional.of(this).flatMap(its -> older.isEmpty() ? Optional.of(its) : its.without(key, older.get()))
            .flatMap(its -> newer.isEmpty() ? Optional.of(its) : its.with(key, newer.get())).filter(its -> its.named() == named());
    }

    private static boolean sameWish(Match one, Match other) {
        return one.kind().equals(other.kind()) && one.name().equals(other.name()) && one.conditional() == other.conditional();
    }

    private Optional<Routing> replaced(ListenKey key, Rule older, Rule newer) {
        String kind = kind(key, older, named());
        Routed routed = routed(key, newer, kind);
        return switch (kind) {
            case "" -> plain.with(older, routed).map(choice -> new Routing(choice, byKind, rest));
            case Match.REST -> rest.with(older, routed).map(choice -> new Routing(plain, byKind, choice));
            default -> byKind.getOrDefault(kind, KindRoutes.NONE).with(older, routed).map(routes -> with(kind, routes));
        };
    }

    private Optional<Routing> without(ListenKey key, Rule older) {
        String kind = kind(key, older, named());
        return byKind.getOrDefault(kind, KindRoutes.NONE).without(older).filter(left -> !left.equals(KindRoutes.NONE))
            .map(routes -> with(kind, routes));
    }

    private Optional<Routing> with(ListenKey key, Rule newer) {
        String kind = kind(key, newer, named());
        return Optional.ofNullable(byKind.get(kind)).flatMap(routes -> routes.with(routed(key, newer, kind))).map(routes -> with(kind, routes));
    }

    private Routing with(String kind, KindRoutes routes) {
        Map<String, KindRoutes> next = new HashMap<>(byKind);
        next.put(kind, routes);
        return new Routing(plain, Map.copyOf(next), rest);
    }
}
