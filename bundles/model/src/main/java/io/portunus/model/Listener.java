// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Refusal;
import io.portunus.model.Decision.Refused;
import io.portunus.model.Decision.Routed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The routes of one listening socket. A listener either has one plain route and looks at nothing, or routes TLS by name; the mode
 * follows from its rules. Lookups are one or two hash probes, whatever the number of names.
 */
public final class Listener {
    private static final Decision NO_MATCHING_NAME = new Refused(Refusal.NO_MATCHING_NAME);
    private static final Decision NO_NAME = new Refused(Refusal.NO_NAME);
    private static final Decision NOT_TLS = new Refused(Refusal.NOT_TLS);

    private final ListenKey key;
    private final Optional<Routed> plain;
    private final Map<String, Routed> exact;
    private final Map<String, Routed> wildcard;
    private final Optional<Routed> fallback;

    Listener(ListenKey key, List<Rule> rules) {
        this.key = key;
        Map<String, Routed> exactRoutes = new HashMap<>();
        Map<String, Routed> wildcardRoutes = new HashMap<>();
        Optional<Routed> unnamed = Optional.empty();
        boolean named = rules.stream().anyMatch(r -> r.sni().isPresent());
        for (Rule rule : rules) {
            TargetAddress target = rule.targetFor(key.port());
            if (rule.sni().isEmpty()) {
                unnamed = Optional.of(new Routed(new Route(rule, named ? Route.Match.FALLBACK : Route.Match.PLAIN, target)));
            } else if (rule.sni().get().wildcard()) {
                wildcardRoutes.put(rule.sni().get().name(), new Routed(new Route(rule, Route.Match.WILDCARD, target)));
            } else {
                exactRoutes.put(rule.sni().get().name(), new Routed(new Route(rule, Route.Match.EXACT, target)));
            }
        }
        this.exact = Map.copyOf(exactRoutes);
        this.wildcard = Map.copyOf(wildcardRoutes);
        this.plain = named ? Optional.empty() : unnamed;
        this.fallback = named ? unnamed : Optional.empty();
    }

    /** Address and port. */
    public ListenKey key() {
        return key;
    }

    /** Kind of inspector that must see the first bytes before {@link #route}; empty when none has to. */
    public Optional<String> inspects() {
        return plain.isPresent() ? Optional.empty() : Optional.of(Prelude.TLS);
    }

    /** Every route, in no particular order. */
    public List<Route> routes() {
        return Stream.of(plain.stream(), exact.values().stream(), wildcard.values().stream(), fallback.stream())
            .flatMap(s -> s).map(Routed::route).toList();
    }

    /** Where a connection with this prelude goes: exact name, then the wildcard of its parent, then the fallback. */
    public Decision route(Prelude prelude) {
        if (plain.isPresent()) {
            return plain.get();
        }
        if (!prelude.kind().equals(Prelude.TLS)) {
            return NOT_TLS;
        }
        Optional<Routed> named = prelude.serverName().flatMap(this::byName);
        if (named.isPresent()) {
            return named.get();
        }
        return fallback.<Decision>map(r -> r).orElse(prelude.serverName().isPresent() ? NO_MATCHING_NAME : NO_NAME);
    }

    private Optional<Routed> byName(String name) {
        Routed hit = exact.get(name);
        if (hit != null) {
            return Optional.of(hit);
        }
        int dot = name.indexOf('.');
        return dot > 0 ? Optional.ofNullable(wildcard.get(name.substring(dot + 1))) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Listener that && key.equals(that.key) && plain.equals(that.plain) && exact.equals(that.exact)
            && wildcard.equals(that.wildcard) && fallback.equals(that.fallback);
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
