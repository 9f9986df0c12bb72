// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

/**
 * One entry of a listener.
 *
 * @param rule the rule it comes from
 * @param match how a connection gets here
 * @param target the rule's target for this listener's port
 */
public record Route(Rule rule, Match match, TargetAddress target) {
    /** How a connection was matched. */
    public enum Match {
        /** The listener has one rule and nothing is looked at. */
        PLAIN,
        /** The name is the route's name. */
        EXACT,
        /** The name is one label and the route's parent. */
        WILDCARD,
        /** TLS that no name of the listener matches. */
        FALLBACK,
        /** An inspector recognised the rule's kind of protocol. */
        KIND
    }
}
