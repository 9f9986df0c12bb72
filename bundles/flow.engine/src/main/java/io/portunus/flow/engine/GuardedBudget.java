// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Budget;
import java.util.function.Consumer;

/**
 * A budget whose exceptions end its flow and no other; after one nothing is granted any more. What it grants is looked at, because pumps
 * count on it, and where it grants nothing that is written down. Confined to the flow's loop.
 */
final class GuardedBudget implements Budget {
    private final Budget budget;
    private final Consumer<Throwable> broke;
    private final Runnable empty;
    private boolean broken;

    private GuardedBudget(Budget budget, Consumer<Throwable> broke, Runnable empty) {
        this.budget = budget;
        this.broke = broke;
        this.empty = empty;
    }

    /**
     * Guards a budget that may throw.
     *
     * @param broke is called with what it threw, or did wrong
     * @param empty is run each time it grants nothing
     */
    @SuppressWarnings("ReferenceEquality")
    static Budget of(Budget budget, Consumer<Throwable> broke, Runnable empty) {
        return budget == UNLIMITED ? budget : new GuardedBudget(budget, broke, empty);
    }

    @Override
    public int grant(int wanted, Runnable again) {
        if (broken) {
            return 0;
        }
        try {
            int granted = budget.grant(wanted, again);
            if (granted > 0 && granted <= wanted) {
                return granted;
            }
            if (granted == 0) {
                empty.run();
                return 0;
            }
            broken(new IllegalStateException(granted + " bytes were granted, and " + wanted + " were wanted"));
        } catch (Throwable lastResort) {
            broken(lastResort);
        }
        return 0;
    }

    @Override
    public void spend(int moved) {
        if (!broken) {
            try {
                budget.spend(moved);
            } catch (Throwable lastResort) {
                broken(lastResort);
            }
        }
    }

    @Override
    public void giveBack(int unused) {
        if (!broken) {
            try {
                budget.giveBack(unused);
            } catch (Throwable lastResort) {
                broken(lastResort);
            }
        }
    }

    private void broken(Throwable fault) {
        broken = true;
        broke.accept(fault);
    }
}
