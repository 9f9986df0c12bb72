// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Budget;

/** A budget that runs what it has for its pump as a step of the flow. Confined to the flow's loop; allocates nothing when it is asked. */
final class WatchedBudget implements Budget, Runnable {
    private final Budget budget;
    private final Flow flow;
    private Runnable again = () -> { };

    private WatchedBudget(Budget budget, Flow flow) {
        this.budget = budget;
        this.flow = flow;
    }

    /** One without a cap has nothing to run. */
    @SuppressWarnings("ReferenceEquality")
    static Budget of(Budget budget, Flow flow) {
        return budget == UNLIMITED ? budget : new WatchedBudget(budget, flow);
    }

    @Override
    public int grant(int wanted, Runnable its) {
        again = its;
        return budget.grant(wanted, this);
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
