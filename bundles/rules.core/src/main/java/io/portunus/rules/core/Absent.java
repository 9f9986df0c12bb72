// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.UnknownKind;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What rules name and nobody who runs serves. Immutable.
 *
 * @param kinds kinds of protocols that nobody recognises
 * @param policies policies that do not run
 * @param otherKinds kinds that somebody recognises, for a suggestion
 * @param otherPolicies policies that run
 */
record Absent(Set<String> kinds, Set<String> policies, Set<String> otherKinds, Set<String> otherPolicies) {
    /** Nobody is missing. */
    static final Absent NOBODY = new Absent(Set.of(), Set.of(), Set.of(), Set.of());
    private static final String POLICY = "policies.";

    /** As an engine has it now. */
    static Absent from(ForwardingEngine engine) {
        Set<String> kinds = engine.missingKinds();
        Set<String> policies = engine.missingPolicies();
        return kinds.isEmpty() && policies.isEmpty() ? NOBODY : new Absent(kinds, policies, engine.kinds(), engine.policies());
    }

    boolean none() {
        return kinds.isEmpty() && policies.isEmpty();
    }

    /** The problem of the rule at a place of the set; empty if nothing that it names is missing. */
    Optional<Problem> problem(ForwardingTable table, int place) {
        return UnknownKind.problem(table, place, kinds::contains, otherKinds)
            .or(() -> UnknownKind.policy(table.rules(), place, policies::contains, otherPolicies));
    }

    /** What is missing, by the names that {@link #namedBy} gives. */
    Set<String> names() {
        return Stream.concat(kinds.stream(), policies.stream().map(POLICY::concat)).collect(Collectors.toUnmodifiableSet());
    }

    /** What has to be there before a rule takes anything. */
    static Stream<String> namedBy(Rule rule) {
        return Stream.concat(rule.match().kind().stream(), rule.governance().policies().keySet().stream().map(POLICY::concat));
    }
}
