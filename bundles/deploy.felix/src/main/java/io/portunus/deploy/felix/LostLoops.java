// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.LoopView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process, once, when a loop is lost and that is the choice: what still moves is drained, and a supervisor starts it again. Looks on a
 * thread of the system, since those that carry virtual threads may be taken by the code that holds the loop. Thread-safe.
 */
final class LostLoops implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LostLoops.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Supplier<List<LoopView>> loops;
    private final Runnable end;
    private final CountDownLatch over = new CountDownLatch(1);
    /** Volatile: replaced when the configuration changes. */
    private volatile boolean exit;

    /**
     * Looks at nothing yet.
     *
     * @param end ends the process in order; returns at once
     */
    LostLoops(Supplier<List<LoopView>> loops, boolean exit, Runnable end) {
        this.loops = loops;
        this.exit = exit;
        this.end = end;
    }

    void start() {
        Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("deploy-loops").start(this::run);
    }

    /** Whether the process ends. */
    void exits(boolean newer) {
        exit = newer;
    }

    private void run() {
        try {
            while (!over.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once; whether the process ends. */
    boolean look() {
        List<LoopView> lost = loops.get().stream().filter(loop -> loop.state() == LoopView.State.LOST).toList();
        if (!exit || lost.isEmpty() || over.getCount() == 0) {
            return false;
        }
        over.countDown();
        LOG.atError().addKeyValue("event", "loop.exit").addKeyValue("loops", lost.stream().map(LoopView::name).collect(Collectors.joining(",")))
            .addKeyValue("flows", lost.stream().mapToLong(LoopView::flows).sum())
            .log("a loop is lost, so the process drains what still moves and ends, to be started again ('deploy.lost_loop')");
        end.run();
        return true;
    }

    @Override
    public void close() {
        over.countDown();
    }
}
