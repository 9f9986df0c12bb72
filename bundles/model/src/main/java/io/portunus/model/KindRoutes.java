// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Routed;
import java.net.InetAddress;
import java.util.ArrayList;
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
record KindRoutes(Index<String, Choice> exact, Index<String, Choice> oneLabel, Index<String, Choice> anyLabels, int longestParent,
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
            Index<String, Choice> parents = of(HostPattern.Form.ANY_LABELS);
            return new KindRoutes(of(HostPattern.Form.EXACT), of(HostPattern.Form.ONE_LABEL), parents, longest(parents),
                named.getOrDefault(HostPattern.Form.EXPRESSION, Map.of()).entrySet().stream()
                    .map(e -> new Expressed(e.getKey(), e.getValue())).toList(), unnamed);
        }

        private Index<String, Choice> of(HostPattern.Form form) {
            Map<HostPattern, Choice> patterns = named.getOrDefault(form, Map.of());
            Map<String, Choice> names = HashMap.newHashMap(patterns.size());
            patterns.forEach((pattern, choice) -> names.put(pattern.name(), choice));
            return Index.of(names);
        }
    }

    private static int longest(Index<String, Choice> parents) {
        return parents.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    // What gives the next ones. Empty where the order of the rules counts, or the rule is not found: they are then gathered anew.

    /** The same with another route in place of a rule's, for the same name. */
    Optional<KindRoutes> with(Rule older, Routed newer) {
        if (older.match().name().isEmpty()) {
            return unnamed.with(older, newer).map(choice -> new KindRoutes(exact, oneLabel, anyLabels, longestParent, expressions, choice));
        }
        HostPattern pattern = older.match().name().get();
        if (pattern.form() == HostPattern.Form.EXPRESSION) {
            return withExpressed(pattern, older, newer);
        }
        return of(pattern).with(older, newer).map(choice -> with(pattern, Optional.of(choice)));
    }

    private Optional<KindRoutes> withExpressed(HostPattern pattern, Rule older, Routed newer) {
        List<Expressed> others = new ArrayList<>(expressions);
        for (int i = 0; i < others.size(); i++) {
            Optional<Choice> choice = others.get(i).pattern().equals(pattern) ? others.get(i).choice().with(older, newer) : Optional.empty();
            if (choice.isPresent()) {
                others.set(i, new Expressed(pattern, choice.get()));
                return Optional.of(new KindRoutes(exact, oneLabel, anyLabels, longestParent, List.copyOf(others), unnamed));
            }
        }
        return Optional.empty();
    }

    /** The same without the route of a rule that has a name. */
    Optional<KindRoutes> without(Rule older) {
        return hashed(older).flatMap(pattern -> of(pattern).without(older)
            .map(left -> with(pattern, Optional.of(left).filter(choice -> !choice.equals(Choice.NONE)))));
    }

    /** The same with the route of a rule whose name no other has. */
    Optional<KindRoutes> with(Routed newer) {
        return hashed(newer.route().rule()).filter(pattern -> !names(pattern).containsKey(pattern.name()))
            .map(pattern -> with(pattern, Optional.of(Choice.of(newer))));
    }

    private static Optional<HostPattern> hashed(Rule rule) {
        return rule.match().name().filter(pattern -> pattern.form() != HostPattern.Form.EXPRESSION);
    }

    private Index<String, Choice> names(HostPattern pattern) {
        return switch (pattern.form()) {
            case EXACT -> exact;
            case ONE_LABEL -> oneLabel;
            case ANY_LABELS -> anyLabels;
            case EXPRESSION -> throw new AssertionError("expressions are tried one by one");
        };
    }

    private KindRoutes with(HostPattern pattern, Optional<Choice> choice) {
        Index<String, Choice> next = names(pattern).with(Map.of(pattern.name(), choice));
        return switch (pattern.form()) {
            case EXACT -> new KindRoutes(next, oneLabel, anyLabels, longestParent, expressions, unnamed);
            case ONE_LABEL -> new KindRoutes(exact, next, anyLabels, longestParent, expressions, unnamed);
            case ANY_LABELS -> new KindRoutes(exact, oneLabel, next, longest(next), expressions, unnamed);
            case EXPRESSION -> throw new AssertionError("expressions are tried one by one");
        };
    }

    // What is asked of them.

    /** How many names its routes ask for. */
    int names() {
        return exact.size() + oneLabel.size() + anyLabels.size() + expressions.size();
    }

    /** The routes for one name, which is no expression. */
    Choice of(HostPattern pattern) {
        return names(pattern).getOrDefault(pattern.name(), Choice.NONE);
    }

    /** Whether one of its routes asks for a name. */
    boolean named() {
        return names() > 0;
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
