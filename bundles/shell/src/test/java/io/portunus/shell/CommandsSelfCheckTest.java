// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommandsSelfCheckTest {
    @Test
    void findsNothingWrongWithThisVersionOnANodeThatHasNothing() {
        assertThat(new CommandsSelfCheck(new NodeParts()).run()).isEmpty();
    }

    @Test
    void whoLeavesWaitsForTheCommandsAtWork() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> text = CompletableFuture.supplyAsync(() -> Detached.await("", () -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "done";
        }));
        begun.await();
        FutureTask<Boolean> left = new FutureTask<>(() -> {
            Detached.finish(Duration.ofSeconds(30));
            return true;
        });
        Thread.ofVirtual().start(left);
        assertThat(left.isDone()).isFalse();

        goOn.countDown();
        assertThat(left.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(text.get(30, TimeUnit.SECONDS)).isEqualTo("done");
    }
}
