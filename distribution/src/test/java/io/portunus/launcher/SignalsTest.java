// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SignalsTest {
    private static final int HUP = 1;
    private static final int TERM = 15;

    @Test
    void aStormOfHangUpsIsOneReloadThatRunsAndOneThatWaits() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger reloads = new AtomicInteger();
        Signals signals = new Signals(() -> { }, () -> {
            reloads.incrementAndGet();
            inside.countDown();
            await(goOn);
        });
        signals.ready();

        Thread first = Thread.ofVirtual().start(() -> signals.hungUp(HUP));
        await(inside);
        Thread second = Thread.ofVirtual().start(() -> signals.hungUp(HUP));
        while (second.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 100; i++) {
            signals.hungUp(HUP);
        }
        goOn.countDown();

        assertThat(first.join(Duration.ofSeconds(10))).isTrue();
        assertThat(second.join(Duration.ofSeconds(10))).isTrue();
        assertThat(reloads.get()).isEqualTo(2);
    }

    @Test
    void aHangUpAfterTheFirstStopDoesNothing() {
        AtomicInteger stops = new AtomicInteger();
        AtomicInteger reloads = new AtomicInteger();
        Signals signals = new Signals(stops::incrementAndGet, reloads::incrementAndGet);
        signals.ready();

        signals.hungUp(HUP);
        signals.raised(TERM);
        signals.hungUp(HUP);

        assertThat(stops.get()).isEqualTo(1);
        assertThat(reloads.get()).isEqualTo(1);
    }

    @Test
    void hangUpsBeforeThereIsSomethingToReloadAreOneReloadThen() {
        AtomicInteger reloads = new AtomicInteger();
        Signals signals = new Signals(() -> { }, reloads::incrementAndGet);

        signals.hungUp(HUP);
        signals.hungUp(HUP);
        assertThat(reloads.get()).isZero();
        signals.ready();
        assertThat(reloads.get()).isEqualTo(1);
        signals.hungUp(HUP);

        assertThat(reloads.get()).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
