// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Budget;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several budgets for the same bytes. */
class LesserBudgetTest {
    private final Runnable again = LesserBudgetTest::goOn;

    private static void goOn() {
        throw new AssertionError("nobody has anything again");
    }

    @Test
    void leastOfThemIsGrantedAndWhatTheOthersGrantedMoreIsGivenBack() {
        FakeBudget much = new FakeBudget(1000);
        FakeBudget little = new FakeBudget(10);
        FakeBudget some = new FakeBudget(100);
        Budget all = LesserBudget.of(LesserBudget.of(much, little), some);

        assertThat(all.grant(500, again)).isEqualTo(10);

        assertThat(much.left).isEqualTo(990);
        assertThat(little.left).isZero();
        assertThat(some.left).isEqualTo(90);
        all.giveBack(4);
        assertThat(much.left).isEqualTo(994);
        assertThat(little.left).isEqualTo(4);
        assertThat(some.left).isEqualTo(94);
    }

    @Test
    void onlyOneCallsBack() {
        FakeBudget much = new FakeBudget(1000);
        FakeBudget nothing = new FakeBudget(0);
        FakeBudget neither = new FakeBudget(0);
        Budget all = LesserBudget.of(LesserBudget.of(much, nothing), neither);

        assertThat(all.grant(500, again)).isZero();

        assertThat(much.left).isEqualTo(1000);
        assertThat(much.waiting).isEmpty();
        assertThat(nothing.waiting).containsExactly(again);
        assertThat(neither.asked).isZero();
    }

    @Test
    void budgetWithoutACapIsNotThere() {
        FakeBudget some = new FakeBudget(1);

        assertThat(LesserBudget.of(Budget.UNLIMITED, some)).isSameAs(some);
        assertThat(LesserBudget.of(some, Budget.UNLIMITED)).isSameAs(some);
        assertThat(LesserBudget.of(Budget.UNLIMITED, Budget.UNLIMITED)).isSameAs(Budget.UNLIMITED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingIsLostOrMade(long seed) {
        Random random = new Random(seed);
        FakeBudget one = new FakeBudget(10_000);
        FakeBudget two = new FakeBudget(20_000);
        Budget both = random.nextBoolean() ? LesserBudget.of(one, two) : LesserBudget.of(two, one);
        int moved = 0;
        for (int i = 0; i < 1000; i++) {
            int granted = both.grant(1 + random.nextInt(500), again);
            int used = random.nextInt(granted + 1);
            if (used < granted) {
                both.giveBack(granted - used);
            }
            moved += used;
            assertThat(one.left + moved).isEqualTo(10_000);
            assertThat(two.left + moved).isEqualTo(20_000);
        }
        assertThat(moved).isEqualTo(10_000);
    }
}
