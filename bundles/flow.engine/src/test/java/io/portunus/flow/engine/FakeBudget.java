// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Budget;
import java.util.ArrayList;
import java.util.List;

/** As many bytes as the test puts in. Confined to the test's thread. */
final class FakeBudget implements Budget {
    int left;
    int asked;
    final List<Runnable> waiting = new ArrayList<>();

    FakeBudget(int left) {
        this.left = left;
    }

    @Override
    public int grant(int wanted, Runnable again) {
        asked++;
        int granted = Math.min(wanted, left);
        left -= granted;
        if (granted == 0) {
            waiting.add(again);
        }
        return granted;
    }

    @Override
    public void giveBack(int unused) {
        left += unused;
    }
}
