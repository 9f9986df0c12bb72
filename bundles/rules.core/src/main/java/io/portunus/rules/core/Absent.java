// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.UnknownKind;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What rules name and nobody who runs serves. Immutable.
 *
 * @param offers inspectors and policies that do not run
 * @param others those that run, for a suggestion
 */
record Absent(Set<Offer> offers, Set<Offer> others) {
    /** Nobody is missing. */
    static final Absent NOBODY = new Absent(Set.of(), Set.of());

    /** As an engine has it now. */
    static Absent from(ForwardingEngine engine) {
        Set<Offer> missing = engine.unserved();
        return missing.isEmpty() ? NOBODY : new Absent(missing, engine.served());
    }

    boolean none() {
        return offers.isEmpty();
    }

    /** The problem of the rule at a place of the set; empty if nothing that it names is missing. */
    Optional<Problem> problem(ForwardingTable table, int place) {
        return UnknownKind.problem(table, place, offers::contains, others)
            .or(() -> UnknownKind.policy(table.rules(), place, offers::contains, others));
    }

    /** What has to be there before a rule takes anything. */
    static Stream<Offer> namedBy(Rule rule) {
        return Stream.concat(rule.protocols().each().stream().flatMap(protocol -> rule.kind(protocol).stream()
                .map(kind -> Offer.inspector(protocol, kind))),
            rule.governance().policies().keySet().stream().map(Offer::policy));
    }
}
