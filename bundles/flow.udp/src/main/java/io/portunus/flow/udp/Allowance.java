// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.DatagramBatch;

/**
 * How many datagrams of one direction policies grant: a datagram goes whole or is dropped, and none waits. Confined to the session's loop.
 * As a {@link Runnable} it is what its budget runs when there is some again, the same one each time, so asking allocates nothing.
 */
final class Allowance implements Runnable {
    private final Budget budget;
    private boolean exhausted;

    Allowance(Budget budget) {
        this.budget = budget;
    }

    /** Of entries, the one behind the last that is granted with all before it. */
    int upTo(DatagramBatch batch, int first, int end) {
        if (budget == Budget.UNLIMITED) {
            return end;
        }
        int all = 0;
        for (int entry = first; entry < end; entry++) {
            all += batch.length(entry);
        }
        if (exhausted) {
            return first;
        }
        int granted = all == 0 ? 0 : budget.grant(all, this);
        exhausted = granted == 0 && all > 0;
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
        exhausted = false;
    }
}
