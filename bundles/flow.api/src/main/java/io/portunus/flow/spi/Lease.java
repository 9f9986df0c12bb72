// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Rule;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a policy gave one flow. It outlives the policy: a flow keeps it, and its budgets go on, when another version serves new flows or
 * nobody does. Confined to the flow's loop; no call blocks.
 */
@ConsumerType
public interface Lease {
    /** Nothing is limited, and nothing has to be given back. */
    Lease UNLIMITED = () -> {
        // There is nothing to give back.
    };

    /** What may be moved to the target; asked once. */
    default Budget in() {
        return Budget.UNLIMITED;
    }

    /** What may be moved to the client; asked once. */
    default Budget out() {
        return Budget.UNLIMITED;
    }

    /**
     * The rule of the flow sets something else from now on, for this policy or for another, or has another owner; it may set nothing for this one
     * any more. What the lease limits is to go by it from here on. Called on the loop after a reload, some flows at a time, so that all of 10,000
     * flows of a loop know within 200 ms. What it throws leaves the flow as it was.
     *
     * @param rule the rule as it is in force
     */
    default void amended(Rule rule) {
        // What it limits does not go by the rule.
    }

    /**
     * Gives it back as if the flow had never begun, with what the beginning itself cost, such as a token of new connections: another policy
     * refuses the flow. Called in place of {@link #release}, which it calls unless it is overridden.
     */
    default void refused() {
        release();
    }

    /**
     * Gives it back, such as a place among the flows of a rule. Called exactly once, at the end of the flow, unless {@link #refused} is. Its budgets
     * are not asked any more; what they would still have run does nothing.
     */
    void release();
}
