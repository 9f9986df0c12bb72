// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Budget;

/**
 * A budget that runs what it has for its pump as a step of the flow, and ends a wait when it grants something. Confined to the flow's loop;
 * allocates nothing when it is asked.
 */
final class WatchedBudget implements Budget, Runnable {
    private final Budget budget;
    private final Flow flow;
    private final Waiting waiting;
    private Runnable again = () -> { };

    private WatchedBudget(Budget budget, Flow flow, Waiting waiting) {
        this.budget = budget;
        this.flow = flow;
        this.waiting = waiting;
    }

    /** One without a cap has nothing to run. */
    @SuppressWarnings("ReferenceEquality")
    static Budget of(Budget budget, Flow flow, Waiting waiting) {
        return budget == UNLIMITED ? budget : new WatchedBudget(budget, flow, waiting);
    }

    @Override
    public int grant(int wanted, Runnable its) {
        again = its;
        int granted = budget.grant(wanted, this);
        if (granted > 0) {
            waiting.ends();
        }
        return granted;
    }

    @Override
    public void spend(int moved) {
        budget.spend(moved);
    }

    @Override
    public void giveBack(int unused) {
        budget.giveBack(unused);
    }

    @Override
    public void run() {
        flow.guarded(again);
    }
}
