// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Refusal;
import io.portunus.model.Decision.Refused;
import io.portunus.model.Decision.Routed;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The routes of one listening socket. A listener either looks at nothing, and its routes differ by the client's address only, or routes by
 * what inspectors recognise: protocols by their kind, and within one, TLS first of all, by name. The mode follows from its rules. Exact
 * names and wildcards are hash probes, whatever the number of names; expressions are tried one by one, {@value #MAX_EXPRESSIONS} at most.
 */
public final class Listener {
    /** Most regular expressions on a listener; each that is reached costs the length of the name times its own. */
    public static final int MAX_EXPRESSIONS = 64;
    /** Most rules for some clients only that want the same name, or the same kind without one; they are asked one by one. */
    public static final int MAX_CONDITIONAL = 64;

    private static final Decision NO_MATCHING_NAME = new Refused(Refusal.NO_MATCHING_NAME);
    private static final Decision NO_NAME = new Refused(Refusal.NO_NAME);
    private static final Decision NOT_TLS = new Refused(Refusal.NOT_TLS);
    private static final Decision NOT_RECOGNISED = new Refused(Refusal.NOT_RECOGNISED);
    private static final List<String> TLS_ONLY = List.of(Prelude.TLS);

    private final ListenKey key;
    private final Choice plain;
    private final Map<String, KindRoutes> byKind;
    private final Choice rest;
    private final List<String> inspects;
    private final Duration peek;
    private final Optional<ProxyTrust> proxyTrust;

    Listener(ListenKey key, List<Rule> rules) {
        this.key = key;
        Map<String, KindRoutes.Builder> kinds = new HashMap<>();
        Choice unrecognised = Choice.NONE;
        Choice every = Choice.NONE;
        boolean named = rules.stream().anyMatch(r -> r.sni().isPresent());
        for (Rule rule : rules) {
            String kind = rule.match().kind().orElse(named ? Prelude.TLS : "");
            Routed routed = new Routed(new Route(rule, matchedBy(rule, kind), rule.targetsFor(key.port())));
            switch (kind) {
                case "" -> every = every.and(Choice.of(routed));
                case Match.REST -> unrecognised = unrecognised.and(Choice.of(routed));
                default -> kinds.computeIfAbsent(kind, k -> new KindRoutes.Builder()).add(rule.match().name(), routed);
            }
        }
        this.plain = every;
        this.rest = unrecognised;
        this.byKind = kinds.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().build()));
        this.peek = rules.stream().map(r -> r.timeouts().peek()).max(Comparator.naturalOrder()).orElse(Timeouts.DEFAULT.peek());
        this.proxyTrust = rules.stream().flatMap(r -> r.proxyTrust().stream()).findFirst();
        this.inspects = byKind.keySet().stream()
            .sorted(Comparator.comparing((String kind) -> !kind.equals(Prelude.TLS)).thenComparing(Comparator.naturalOrder())).toList();
    }

    private static Route.Match matchedBy(Rule rule, String kind) {
        if (rule.match().name().isPresent()) {
            return switch (rule.match().name().get().form()) {
                case EXACT -> Route.Match.EXACT;
                case ONE_LABEL, ANY_LABELS -> Route.Match.WILDCARD;
                case EXPRESSION -> Route.Match.EXPRESSION;
            };
        }
        return switch (kind) {
            case "" -> Route.Match.PLAIN;
            case Match.REST -> Route.Match.REST;
            case Prelude.TLS -> Route.Match.FALLBACK;
            default -> Route.Match.KIND;
        };
    }

    /** Address and port. */
    public ListenKey key() {
        return key;
    }

    /** Kinds of the inspectors that must see the first bytes before {@link #route}, TLS first; empty when none has to. */
    public List<String> inspects() {
        return inspects;
    }

    /** How long the first bytes may take from accept until it is known what they are. */
    public Duration peek() {
        return peek;
    }

    /**
     * How long a client may be silent before it is routed as one that waits for the server, the longest that a rule says; empty where
     * silence ends in a refusal.
     */
    public Optional<Duration> silence() {
        return rest.routes().map(route -> route.rule().match().silence()).max(Comparator.naturalOrder());
    }

    /** Of whom a PROXY header is required before anything else. */
    public Optional<ProxyTrust> proxyTrust() {
        return proxyTrust;
    }

    /** Every route, in no particular order. */
    public List<Route> routes() {
        return Stream.of(plain.routes(), byKind.values().stream().flatMap(KindRoutes::routes), rest.routes()).flatMap(s -> s).toList();
    }

    /**
     * Where a connection goes. First its kind: exact name, then one label and its parent, then the longest parent, then the expressions in
     * the order of the rules, then what takes every name and none; after that the rule for everything else. Of several rules that want the
     * same, those for some clients only come first, in their order; where none takes the client, the search goes on.
     *
     * @param prelude what was seen of it; {@link Prelude#NONE} when nothing was, or nobody knows what
     * @param client where it comes from
     */
    public Decision route(Prelude prelude, InetAddress client) {
        Decision seen = plain.pick(prelude, client);
        if (!(seen instanceof Routed)) {
            seen = Choice.later(seen, byKind.getOrDefault(prelude.kind(), KindRoutes.NONE).find(prelude, client));
        }
        if (!(seen instanceof Routed)) {
            seen = Choice.later(seen, rest.pick(prelude, client));
        }
        return seen == Choice.NOT_HERE ? refusal(prelude) : seen;
    }

    private Decision refusal(Prelude prelude) {
        if (byKind.containsKey(prelude.kind())) {
            return prelude.serverName().isPresent() ? NO_MATCHING_NAME : NO_NAME;
        }
        return inspects.equals(TLS_ONLY) ? NOT_TLS : NOT_RECOGNISED;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Listener that && key.equals(that.key) && plain.equals(that.plain) && byKind.equals(that.byKind)
            && rest.equals(that.rest);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return key + " " + routes();
    }
}
