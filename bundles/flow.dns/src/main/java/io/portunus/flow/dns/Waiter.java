// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.NameAnswer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A caller that waits for an answer, and where. Thread-safe: it is called once, or cancelled. */
final class Waiter implements Cancellable {
    private static final Logger LOG = LoggerFactory.getLogger(Waiter.class);
    private final Executor on;
    private final Consumer<NameAnswer> answer;
    private final AtomicBoolean over = new AtomicBoolean();

    Waiter(Executor on, Consumer<NameAnswer> answer) {
        this.on = on;
        this.answer = answer;
    }

    /** Calls at once where the caller is on the wanted loop. */
    void give(NameAnswer known) {
        if (on instanceof EventLoop loop && loop.inside()) {
            call(known);
            return;
        }
        try {
            on.execute(() -> call(known));
        } catch (RejectedExecutionException e) {
            LOG.debug("who asked for a name has ended", e);
        }
    }

    private void call(NameAnswer known) {
        if (over.compareAndSet(false, true)) {
            answer.accept(known);
        }
    }

    @Override
    public void cancel() {
        over.set(true);
    }
}
