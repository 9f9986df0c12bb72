// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Refusal;
import io.portunus.model.Decision.Refused;
import io.portunus.model.Decision.Routed;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The routes of one listener that require the same name, or the same kind without a name. Immutable.
 *
 * @param conditional those for some clients only, in the order of the rules
 * @param always the one for all others
 */
record Choice(List<Routed> conditional, Optional<Routed> always) {
    /** No route. */
    static final Choice NONE = new Choice(List.of(), Optional.empty());
    /** In place of a decision: nothing here takes the connection. */
    static final Decision NOT_HERE = new Refused(Refusal.NO_LISTENER);
    /** Nothing here takes the connection, and only for where it comes from. */
    static final Decision DENIED = new Refused(Refusal.SOURCE_DENIED);

    /** Copies the list. */
    Choice {
        conditional = List.copyOf(conditional);
    }

    static Choice of(Routed routed) {
        return routed.route().rule().match().conditional() ? new Choice(List.of(routed), Optional.empty())
            : new Choice(List.of(), Optional.of(routed));
    }

    /** The same with the routes of another one behind. */
    Choice and(Choice later) {
        return new Choice(Stream.concat(conditional.stream(), later.conditional.stream()).toList(),
            later.always.isPresent() ? later.always : always);
    }

    /** The same with another route in place of a rule's; empty if the rule has none here. */
    Optional<Choice> with(Rule older, Routed newer) {
        if (always.filter(routed -> routed.route().rule().is(older)).isPresent()) {
            return Optional.of(new Choice(conditional, Optional.of(newer)));
        }
        List<Routed> others = conditional.stream().map(routed -> routed.route().rule().is(older) ? newer : routed).toList();
        return others.contains(newer) ? Optional.of(new Choice(others, always)) : Optional.empty();
    }

    /** The same without a rule's route; empty if the rule has none here. */
    Optional<Choice> without(Rule older) {
        if (always.filter(routed -> routed.route().rule().is(older)).isPresent()) {
            return Optional.of(new Choice(conditional, Optional.empty()));
        }
        List<Routed> others = conditional.stream().filter(routed -> !routed.route().rule().is(older)).toList();
        return others.size() < conditional.size() ? Optional.of(new Choice(others, always)) : Optional.empty();
    }

    Stream<Route> routes() {
        return Stream.concat(conditional.stream(), always.stream()).map(Routed::route);
    }

    /** The first of them that takes a connection, or {@link #DENIED} or {@link #NOT_HERE}. */
    Decision pick(Prelude prelude, InetAddress client) {
        Decision seen = NOT_HERE;
        for (int i = 0; i < conditional.size(); i++) {
            Routed routed = conditional.get(i);
            Match match = routed.route().rule().match();
            if (match.offeredBy(prelude)) {
                if (match.sources().admits(client)) {
                    return routed;
                }
                seen = DENIED;
            }
        }
        return always.isPresent() ? always.get() : seen;
    }

    /** What is known after two places were asked, the second because the first had no route. */
    static Decision later(Decision first, Decision second) {
        return second == NOT_HERE ? first : second;
    }
}
