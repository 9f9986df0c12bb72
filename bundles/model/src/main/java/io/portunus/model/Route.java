// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.List;

/**
 * One entry of a listener.
 *
 * @param rule the rule it comes from
 * @param match how a connection gets here
 * @param targets the rule's targets for this listener's port, at their places in the rule
 */
public record Route(Rule rule, MatchedBy match, List<Target> targets) {
    /** Copies the list. */
    public Route {
        targets = List.copyOf(targets);
    }

    /** How a connection was matched. */
    public enum MatchedBy {
        /** The listener looks at nothing. */
        PLAIN,
        /** The name is the route's name. */
        EXACT,
        /** The name is below the route's parent. */
        WILDCARD,
        /** The name is one that the route's expression takes. */
        EXPRESSION,
        /** TLS that no name of the listener matches. */
        FALLBACK,
        /** An inspector recognised the rule's kind of protocol. */
        KIND,
        /** Nobody recognised it, and the rule takes that. */
        REST
    }

    /** The targets as operators write them. */
    public String targetText() {
        return String.join(", ", targets.stream().map(Target::toString).toList());
    }
}
