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
 * The routes of one listening socket. A listener either has one plain route and looks at nothing, or routes by what inspectors
 * recognise: TLS by name, other protocols by their kind. The mode follows from its rules. Lookups are one or two hash probes, whatever
 * the number of names.
 */
public final class Listener {
    private static final Decision NO_MATCHING_NAME = new Refused(Refusal.NO_MATCHING_NAME);
    private static final Decision NO_NAME = new Refused(Refusal.NO_NAME);
    private static final Decision NOT_TLS = new Refused(Refusal.NOT_TLS);
    private static final Decision NOT_RECOGNISED = new Refused(Refusal.NOT_RECOGNISED);

    private final ListenKey key;
    private final Optional<Routed> plain;
    private final Map<String, Routed> exact;
    private final Map<String, Routed> wildcard;
    private final Optional<Routed> fallback;
    private final Map<String, Routed> byKind;
    private final List<String> inspects;

    Listener(ListenKey key, List<Rule> rules) {
        this.key = key;
        Map<String, Routed> exactRoutes = new HashMap<>();
        Map<String, Routed> wildcardRoutes = new HashMap<>();
        Map<String, Routed> kindRoutes = new HashMap<>();
        Optional<Routed> unnamed = Optional.empty();
        Optional<Routed> restOfTls = Optional.empty();
        boolean named = rules.stream().anyMatch(r -> r.sni().isPresent());
        for (Rule rule : rules) {
            TargetAddress target = rule.targetFor(key.port());
            if (rule.sni().isEmpty()) {
                Optional<String> kind = rule.match().kind();
                if (kind.equals(Optional.of(Prelude.TLS)) || kind.isEmpty() && named) {
                    restOfTls = Optional.of(new Routed(new Route(rule, Route.Match.FALLBACK, target)));
                } else if (kind.isPresent()) {
                    kindRoutes.put(kind.get(), new Routed(new Route(rule, Route.Match.KIND, target)));
                } else {
                    unnamed = Optional.of(new Routed(new Route(rule, Route.Match.PLAIN, target)));
                }
            } else if (rule.sni().get().wildcard()) {
                wildcardRoutes.put(rule.sni().get().name(), new Routed(new Route(rule, Route.Match.WILDCARD, target)));
            } else {
                exactRoutes.put(rule.sni().get().name(), new Routed(new Route(rule, Route.Match.EXACT, target)));
            }
        }
        this.exact = Map.copyOf(exactRoutes);
        this.wildcard = Map.copyOf(wildcardRoutes);
        this.plain = unnamed;
        this.fallback = restOfTls;
        this.byKind = Map.copyOf(kindRoutes);
        boolean tls = named || restOfTls.isPresent();
        this.inspects = Stream.concat(tls ? Stream.of(Prelude.TLS) : Stream.of(), kindRoutes.keySet().stream().sorted()).toList();
    }

    /** Address and port. */
    public ListenKey key() {
        return key;
    }

    /** Kinds of the inspectors that must see the first bytes before {@link #route}, TLS first; empty when none has to. */
    public List<String> inspects() {
        return inspects;
    }

    /** Every route, in no particular order. */
    public List<Route> routes() {
        return Stream.of(plain.stream(), exact.values().stream(), wildcard.values().stream(), fallback.stream(),
            byKind.values().stream())
            .flatMap(s -> s).map(Routed::route).toList();
    }

    /** Where a connection with this prelude goes. Of TLS: exact name, then the wildcard of its parent, then the fallback. */
    public Decision route(Prelude prelude) {
        if (plain.isPresent()) {
            return plain.get();
        }
        boolean takesTls = inspects.contains(Prelude.TLS);
        if (!takesTls || !prelude.kind().equals(Prelude.TLS)) {
            return Optional.<Decision>ofNullable(byKind.get(prelude.kind())).orElse(takesTls && byKind.isEmpty() ? NOT_TLS : NOT_RECOGNISED);
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
            && wildcard.equals(that.wildcard) && fallback.equals(that.fallback) && byKind.equals(that.byKind);
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
