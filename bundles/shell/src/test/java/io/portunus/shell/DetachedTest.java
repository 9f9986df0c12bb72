// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DetachedTest {
    private final CommandSession session = SampleSession.create();

    @Test
    void whoBreaksTheWaitingOffGetsAnAnswerAndTheChangeGoesOnUninterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> flagLeft = new CompletableFuture<>();
        Thread shell = Thread.ofPlatform().start(() -> {
            answer.complete(CommandRefused.orText(session, CommandRefused.GOES_ON, () -> {
                begun.countDown();
                try {
                    ended.complete(goOn.await(30, TimeUnit.SECONDS) && !Thread.currentThread().isInterrupted());
                } catch (InterruptedException interrupted) {
                    ended.complete(false);
                }
                return "done";
            }));
            flagLeft.complete(Thread.currentThread().isInterrupted());
        });
        begun.await();

        shell.interrupt();

        assertThat(answer.get(30, TimeUnit.SECONDS)).startsWith("the change goes on").contains("portunus:changes");
        assertThat(flagLeft.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(session.get(Caller.REFUSED)).asString().startsWith("the change goes on");
        goOn.countDown();
        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDefectReachesWhoAsked() {
        assertThatThrownBy(() -> CommandRefused.orText(session, () -> {
            throw new IllegalStateException("defect");
        })).isInstanceOf(IllegalStateException.class).hasMessage("defect");
    }

    @Test
    void noMoreCommandsAreLeftAtWorkThanMayBe() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < Detached.MAX_AT_ONCE; i++) {
            CountDownLatch begun = new CountDownLatch(1);
            Thread shell = Thread.ofPlatform().start(() -> CommandRefused.orText(session, () -> {
                begun.countDown();
                try {
                    never.await();
                } catch (InterruptedException interrupted) {
                    return "interrupted";
                }
                return "done";
            }));
            begun.await();
            shell.interrupt();
            shell.join();
        }

        assertThat(CommandRefused.orText(session, () -> "x")).contains("as many commands as may be");
        never.countDown();

        String answer = CommandRefused.orText(session, () -> "x");
        while (!answer.equals("x")) {
            answer = CommandRefused.orText(session, () -> "x");
        }
    }
}
