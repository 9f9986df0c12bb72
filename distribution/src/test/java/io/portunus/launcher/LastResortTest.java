// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LastResortTest {
    private final CompletableFuture<Integer> halted = new CompletableFuture<>();
    private final AtomicInteger reports = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void haltsWithItsCodeOnceTheTimeIsOver() throws Exception {
        LastResort last = new LastResort(() -> Duration.ofMillis(20), Duration.ofMillis(10), reports::incrementAndGet, () -> 4, halted::complete);

        last.arm();
        last.arm();

        assertThat(halted.get(20, TimeUnit.SECONDS)).isEqualTo(4);
        assertThat(reports).hasValue(1);
    }

    @Test
    void haltsThoughNobodyCanReport() throws Exception {
        LastResort last = new LastResort(() -> Duration.ZERO, Duration.ZERO, this::hang, () -> 5, halted::complete);

        last.arm();

        assertThat(halted.get(20, TimeUnit.SECONDS)).isEqualTo(5);
    }

    private void hang() {
        try {
            assertThat(never.await(60, TimeUnit.SECONDS)).isFalse();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
