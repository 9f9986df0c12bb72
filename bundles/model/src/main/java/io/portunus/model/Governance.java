// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Map;
import java.util.Optional;

/**
 * To whom a rule belongs, and by what its flows are limited. Immutable.
 *
 * @param owner who owns the rule, as the source of rules names owners; empty when nobody in particular does. Policies may limit all rules of
 *     an owner together
 * @param labels words of the operator's own about the rule, by key; they route nothing
 * @param policies settings of the policies that limit the rule's flows, by the kind of the policy. A policy that is named here has to be
 *     there: without it the rule takes nothing
 */
public record Governance(Optional<String> owner, Map<String, String> labels, Map<String, PolicySettings> policies) {
    /** Longest name of an owner, in characters. */
    public static final int MAX_OWNER = 128;
    /** Most labels of a rule. */
    public static final int MAX_LABELS = 32;
    /** Longest key of a label, in characters. */
    public static final int MAX_LABEL_KEY = 63;
    /** Longest value of a label, in characters. */
    public static final int MAX_LABEL_VALUE = 255;
    /** Most policies that a rule names. */
    public static final int MAX_POLICIES = 16;
    /** Nobody's in particular, and limited by nothing of its own. */
    public static final Governance NONE = new Governance(Optional.empty(), Map.of(), Map.of());

    /** Copies the maps. */
    public Governance {
        labels = Map.copyOf(labels);
        policies = Map.copyOf(policies);
    }
}
