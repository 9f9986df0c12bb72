// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Budget;
import org.jspecify.annotations.Nullable;

/** As many bytes as the test puts in, and no promises. Holds its pump to the contract. Confined to the test's thread. */
final class StingyBudget implements Budget {
    private int left;
    private int granted;
    private int spent;
    private int mayComeBack;
    private @Nullable Runnable waiting;

    @Override
    public int grant(int wanted, Runnable again) {
        assertThat(wanted).isPositive();
        assertThat(waiting).as("asked while it had nothing").isNull();
        int granting = Math.min(wanted, left);
        left -= granting;
        granted += granting;
        mayComeBack = granting;
        if (granting == 0) {
            waiting = again;
        }
        return granting;
    }

    @Override
    public void giveBack(int unused) {
        assertThat(unused).isBetween(1, mayComeBack);
        mayComeBack = 0;
        left += unused;
        granted -= unused;
    }

    @Override
    public void spend(int moved) {
        spent += moved;
    }

    /** Moved without having been asked for. */
    int spent() {
        return spent;
    }

    /** Has so many more, and calls back. */
    void put(int bytes) {
        left += bytes;
        Runnable again = waiting;
        if (again != null) {
            waiting = null;
            again.run();
        }
    }

    /** Granted and not given back. */
    int used() {
        return granted;
    }

    boolean waits() {
        return waiting != null;
    }
}
