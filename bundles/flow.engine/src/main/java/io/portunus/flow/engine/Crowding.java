// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many flows there may be, and who is refused because there are too many. Thread-safe; what a flow asks takes no lock, and the ceilings are
 * replaced by one thread at a time.
 */
final class Crowding {
    private final Ceiling node = new Ceiling("the node");
    private Ceilings ceilings;
    /** Follows from the ceilings and the listeners. Volatile: a reload of the configuration replaces it, each flow reads it. */
    private volatile Limits limits;

    Crowding(Ceilings ceilings) {
        this.ceilings = ceilings;
        this.limits = ceilings.beside(0);
    }

    Limits limits() {
        return limits;
    }

    /** Other ceilings are in force from now on. */
    synchronized void ceilings(Ceilings newer) {
        ceilings = newer;
    }

    /** Listeners have come or gone, and what they have open flows cannot have. */
    synchronized void beside(Collection<EngineListener> listeners) {
        long listening = listeners.stream().mapToLong(EngineListener::descriptors).sum();
        limits = ceilings.beside(listening);
        if (!listeners.isEmpty()) {
            ceilings.report(limits, listening);
        }
    }

    /** Whether so many flows are too many for the node. */
    boolean full(long flows) {
        return flows > limits.maxConnections();
    }

    /** A flow is refused because of that; so many would be too many. */
    void refused(long flows) {
        node.refused(flows - 1, limits.maxConnections());
    }

    /** A flow ended; so many are left. */
    void ended(long left) {
        node.ended(left, limits.maxConnections());
    }

    /** Whether a rule, which has this flow already, has more than it may have beside others. */
    boolean tooMany(RuleCounters ofRule, boolean others) {
        long most = limits.ofOneRule();
        long now = ofRule.active.sum();
        boolean tooMany = now > most && others;
        if (tooMany) {
            ofRule.ceiling.refused(now - 1, most);
        }
        return tooMany;
    }

    /** A flow of the rule ended. */
    void left(RuleCounters ofRule) {
        ofRule.active.decrement();
        if (ofRule.ceiling.reached()) {
            ofRule.ceiling.ended(ofRule.active.sum(), limits.ofOneRule());
        }
    }

    /** Who is refused flows now: the node's problem, and those of rules that have as many as they may have. */
    List<Problem> problems(Stream<Problem> ofRules) {
        return Stream.concat(node.reached() ? Stream.of(limits.reached()) : Stream.empty(), ofRules).toList();
    }
}
