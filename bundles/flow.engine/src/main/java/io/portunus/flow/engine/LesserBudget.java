// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Budget;

/**
 * Two budgets for the same bytes: what both have is granted, and what only one has is given back. Whoever has nothing calls back
 * later; the second is not asked then, so that happens once. Confined to the flow's loop.
 */
record LesserBudget(Budget first, Budget second) implements Budget {
    /** Both together; of one without a cap only the other is left. */
    @SuppressWarnings("ReferenceEquality")
    static Budget of(Budget first, Budget second) {
        return first == UNLIMITED ? second : second == UNLIMITED ? first : new LesserBudget(first, second);
    }

    @Override
    public int grant(int wanted, Runnable again) {
        int ofFirst = first.grant(wanted, again);
        if (ofFirst == 0) {
            return 0;
        }
        int ofBoth = second.grant(ofFirst, again);
        if (ofBoth < ofFirst) {
            first.giveBack(ofFirst - ofBoth);
        }
        return ofBoth;
    }

    @Override
    public void spend(int moved) {
        first.spend(moved);
        second.spend(moved);
    }

    @Override
    public void giveBack(int unused) {
        first.giveBack(unused);
        second.giveBack(unused);
    }
}
