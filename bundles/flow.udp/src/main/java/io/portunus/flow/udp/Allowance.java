// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.DatagramBatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many datagrams of one direction policies grant: a datagram goes whole or is dropped, and none waits. Confined to the session's loop. As a
 * {@link Runnable} it is what its budget runs when there is some again, so asking allocates nothing.
 */
final class Allowance implements Runnable {
    private final Supplier<Budget> budgets;
    /** The budget that had nothing, until it runs this. */
    private @Nullable Budget exhausted;

    /**
     * One of a session.
     *
     * @param budgets asked for each batch for what there is now
     */
    Allowance(Supplier<Budget> budgets) {
        this.budgets = budgets;
    }

    /** Of entries, the one behind the last that is granted with all before it. */
    int upTo(DatagramBatch batch, int first, int end) {
        Budget budget = budgets.get();
        if (budget == Budget.UNLIMITED) {
            return end;
        }
        if (budget == exhausted) {
            return first;
        }
        int all = 0;
        for (int entry = first; entry < end; entry++) {
            all += batch.length(entry);
        }
        int granted = all == 0 ? 0 : budget.grant(all, this);
        exhausted = granted == 0 && all > 0 ? budget : null;
        int next = first;
        while (next < end && batch.length(next) <= granted) {
            granted -= batch.length(next);
            next++;
        }
        if (granted > 0) {
            budget.giveBack(granted);
        }
        return next;
    }

    /** The budget may have something. */
    @Override
    public void run() {
        exhausted = null;
    }
}
