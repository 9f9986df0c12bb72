// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Routed;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The routes of one listener for one kind of protocol, the closest name first: exact, one label and its parent, the longest parent, the
 * expressions in the order of the rules, and what takes every name and none. Immutable.
 *
 * @param exact by name
 * @param oneLabel by parent
 * @param anyLabels by parent
 * @param longestParent of {@code anyLabels}, so that no longer one is looked up
 * @param expressions in the order of the rules
 * @param unnamed whatever no name takes
 */
record KindRoutes(Map<String, Choice> exact, Map<String, Choice> oneLabel, Map<String, Choice> anyLabels, int longestParent,
        List<Expressed> expressions, Choice unnamed) {
    /** No routes. */
    static final KindRoutes NONE = new Builder().build();

    /** The routes of one expression. */
    record Expressed(HostPattern pattern, Choice choice) {
    }

    /** Routes while they are gathered, in the order of the rules. Confined to one thread. */
    static final class Builder {
        private final Map<HostPattern.Form, Map<HostPattern, Choice>> named = new HashMap<>();
        private Choice unnamed = Choice.NONE;

        void add(Optional<HostPattern> name, Routed routed) {
            Choice one = Choice.of(routed);
            if (name.isPresent()) {
                named.computeIfAbsent(name.get().form(), form -> new LinkedHashMap<>()).merge(name.get(), one, Choice::and);
            } else {
                unnamed = unnamed.and(one);
            }
        }

        KindRoutes build() {
            Map<String, Choice> parents = of(HostPattern.Form.ANY_LABELS);
            return new KindRoutes(of(HostPattern.Form.EXACT), of(HostPattern.Form.ONE_LABEL), parents,
                parents.keySet().stream().mapToInt(String::length).max().orElse(0),
                named.getOrDefault(HostPattern.Form.EXPRESSION, Map.of()).entrySet().stream()
                    .map(e -> new Expressed(e.getKey(), e.getValue())).toList(), unnamed);
        }

        private Map<String, Choice> of(HostPattern.Form form) {
            Map<HostPattern, Choice> patterns = named.getOrDefault(form, Map.of());
            Map<String, Choice> names = HashMap.newHashMap(patterns.size());
            patterns.forEach((pattern, choice) -> names.put(pattern.name(), choice));
            return Map.copyOf(names);
        }
    }

    /** Whether one of its routes asks for a name. */
    boolean named() {
        return !(exact.isEmpty() && oneLabel.isEmpty() && anyLabels.isEmpty() && expressions.isEmpty());
    }

    Stream<Route> routes() {
        return Stream.of(exact.values().stream(), oneLabel.values().stream(), anyLabels.values().stream(),
            expressions.stream().map(Expressed::choice), Stream.of(unnamed)).flatMap(s -> s).flatMap(Choice::routes);
    }

    /** Where a connection of the kind goes, or {@link Choice#DENIED} or {@link Choice#NOT_HERE}. */
    Decision find(Prelude prelude, InetAddress client) {
        Decision seen = Choice.NOT_HERE;
        if (prelude.serverName().isPresent()) {
            seen = byName(prelude.serverName().get(), prelude, client);
        }
        return seen instanceof Routed ? seen : Choice.later(seen, unnamed.pick(prelude, client));
    }

    private Decision byName(String name, Prelude prelude, InetAddress client) {
        Decision seen = exact.getOrDefault(name, Choice.NONE).pick(prelude, client);
        int dot = name.indexOf('.');
        if (!(seen instanceof Routed) && !oneLabel.isEmpty() && dot > 0) {
            seen = Choice.later(seen, oneLabel.getOrDefault(name.substring(dot + 1), Choice.NONE).pick(prelude, client));
        }
        for (; !anyLabels.isEmpty() && !(seen instanceof Routed) && dot > 0; dot = name.indexOf('.', dot + 1)) {
            if (name.length() - dot - 1 <= longestParent) {
                seen = Choice.later(seen, anyLabels.getOrDefault(name.substring(dot + 1), Choice.NONE).pick(prelude, client));
            }
        }
        for (int i = 0; i < expressions.size() && !(seen instanceof Routed); i++) {
            if (expressions.get(i).pattern().matches(name)) {
                seen = Choice.later(seen, expressions.get(i).choice().pick(prelude, client));
            }
        }
        return seen;
    }
}
