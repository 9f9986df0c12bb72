// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

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
     * Gives it back, such as a place among the flows of a rule. Called exactly once: at the end of the flow, or at once when another policy
     * refuses it. Its budgets are not asked any more; what they would still have run does nothing.
     */
    void release();
}
