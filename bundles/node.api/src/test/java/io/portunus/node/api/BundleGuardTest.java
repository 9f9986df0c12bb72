// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.model.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BundleGuardTest {
    private static final BundlePart SINK = new BundlePart("com.example.bad", "1.0.0", "record sink");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AtomicLong nanos = new AtomicLong(1);
    private final List<BundlePart> changed = new ArrayList<>();
    private final BundleGuard guard = new BundleGuard(nanos::get, account -> changed.add(account.part()));

    /** What bundles may throw as well: its text fails. */
    private static final class Nasty extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("as the test wants");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("as the test wants");
        }
    }

    private void charge(int times, long well) {
        for (int i = 0; i < times; i++) {
            guard.account(SINK).charge(new IllegalStateException("boo"), well);
        }
    }

    @Test
    void partWithManyFaultsInARowIsInQuarantineAndShown() {
        charge(BundleGuard.MOST_FAULTS - 1, 0);
        assertThat(guard.account(SINK).quarantined()).isFalse();

        charge(1, 0);

        assertThat(guard.account(SINK).quarantined()).isTrue();
        assertThat(changed).containsExactly(SINK);
        BundleStanding standing = guard.standing("com.example.bad", "1.0.0");
        assertThat(standing.quarantined()).isTrue();
        assertThat(standing.faults()).isEqualTo(BundleGuard.MOST_FAULTS);
        assertThat(standing.sentences())
            .containsExactly("The record sink is in quarantine: 16 faults, the last java.lang.IllegalStateException: boo.");
        assertThat(guard.degraded()).extracting(Problem::code).containsExactly(BundleGuard.QUARANTINED);
        assertThat(guard.degraded().getFirst().text()).contains("portunus:release com.example.bad");
        assertThat(guard.standing("com.example.bad", "1.0.1")).isEqualTo(new BundleStanding(0, false, List.of()));
    }

    @Test
    void faultsThatAreFarApartOrAmongMoreThatGoesWellAreOnlyCounted() {
        for (int i = 0; i < 100; i++) {
            nanos.addAndGet(BundleGuard.WITHIN.toNanos() + 1);
            charge(1, 0);
        }
        for (int i = 0; i < 100; i++) {
            charge(1, i * 100L);
        }

        assertThat(guard.account(SINK).quarantined()).isFalse();
        assertThat(guard.standing("com.example.bad", "1.0.0").faults()).isEqualTo(200);
        assertThat(guard.degraded()).isEmpty();
    }

    @Test
    void whatNobodyGainsByIsOnlyCounted() {
        for (int i = 0; i < 100; i++) {
            guard.account(SINK).note(new IllegalStateException("boo"));
        }

        assertThat(guard.account(SINK).quarantined()).isFalse();
        assertThat(guard.standing("com.example.bad", "1.0.0").sentences())
            .containsExactly("The record sink failed: 100 faults, the last java.lang.IllegalStateException: boo.");
    }

    @Test
    void oneThatIsReleasedIsCalledAgainAndBeginsAnew() {
        charge(BundleGuard.MOST_FAULTS, 0);

        assertThat(guard.release("com.example.bad")).containsExactly(SINK);
        assertThat(guard.release("com.example.bad")).isEmpty();
        assertThat(changed).containsExactly(SINK, SINK);
        charge(BundleGuard.MOST_FAULTS - 1, 0);

        assertThat(guard.account(SINK).quarantined()).isFalse();
    }

    @Test
    void versionThatStoppedIsForgotten() {
        charge(BundleGuard.MOST_FAULTS, 0);

        guard.forget("com.example.bad", "1.0.0");

        assertThat(guard.degraded()).isEmpty();
        assertThat(guard.account(SINK).quarantined()).isFalse();
    }

    @Test
    void faultThatCannotBeReadIsAFaultLikeOthers() {
        guard.account(SINK).note(new Nasty());

        assertThat(guard.standing("com.example.bad", "1.0.0").sentences().getFirst()).contains(Nasty.class.getName());
    }

    @Test
    void callGivesItsAnswerAndChargesWhatItThrows() throws Exception {
        assertThat(guard.call(SINK, LONG, () -> Thread.currentThread().isVirtual())).isFalse();
        assertThatThrownBy(() -> guard.call(SINK, LONG, () -> {
            throw new NoClassDefFoundError("as/the/test/Wants");
        })).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(NoClassDefFoundError.class);

        assertThat(guard.standing("com.example.bad", "1.0.0").faults()).isEqualTo(1);
    }

    /** Two that spin: the third is not made, other versions are called as ever, and once they come back so is this one. */
    @Test
    void callsThatSpinTakeTwoThreadsAndNobodyElses() throws Exception {
        AtomicBoolean goOn = new AtomicBoolean(true);
        CountDownLatch back = new CountDownLatch(2);
        for (int i = 0; i < BundleGuard.MOST_OVERDUE; i++) {
            assertThatThrownBy(() -> guard.call(SINK, SHORT, () -> {
                while (goOn.get()) {
                    Thread.onSpinWait();
                }
                back.countDown();
                return true;
            })).isInstanceOf(TimeoutException.class);
        }

        assertThatThrownBy(() -> guard.call(SINK, LONG, () -> true)).isInstanceOf(TimeoutException.class).hasMessageContaining("hang");
        assertThat(guard.call(new BundlePart("com.example.bad", "1.0.1", "start"), LONG, () -> true)).isTrue();
        assertThat(guard.degraded()).extracting(Problem::code).containsExactly(BundleGuard.HANGS);
        assertThat(guard.standing("com.example.bad", "1.0.0").sentences()).contains("2 of its calls do not come back.");
        goOn.set(false);
        assertThat(back.await(10, TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime() + LONG.toNanos();
        while (!guard.degraded().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }

        assertThat(guard.call(SINK, LONG, () -> true)).isTrue();
    }

    @Test
    void callIsInterruptedWithWhoeverWaitsForIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = Thread.ofPlatform().start(() -> assertThatThrownBy(() -> guard.call(SINK, LONG, () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
            return true;
        })).isInstanceOf(InterruptedException.class));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(caller.join(LONG)).isTrue();
    }
}
