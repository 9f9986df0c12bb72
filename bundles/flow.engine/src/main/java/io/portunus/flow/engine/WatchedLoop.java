// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.LoopView;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Transport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop, and the task by which it shows that it turns: of these one is under way at most. Asked and counted by the watch's thread; the task runs
 * on the loop, {@link #view} is for any thread.
 */
final class WatchedLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedLoop.class);

    private final EventLoop loop;
    private final Transport transport;
    private final String carrier;
    private final int number;
    private final LoopTurn turn;
    /** Volatile: set by the loop, read by the watch. */
    private volatile @Nullable Thread thread;
    /** Volatile: set by both. */
    private volatile boolean answered = true;
    /** Looks in a row that found no answer. */
    private int missed;
    private volatile LoopView view;

    WatchedLoop(EventLoop loop, Provider carrier, int number) {
        this.loop = loop;
        this.transport = carrier.as(Transport.class);
        this.carrier = carrier.origin().post().kind();
        this.turn = carrier.turn(loop);
        this.number = number;
        this.view = turning();
    }

    private LoopView turning() {
        return new LoopView(name(), carrier, LoopView.State.TURNING, Duration.ZERO, 0, Optional.empty());
    }

    private String name() {
        Thread its = thread;
        return its == null ? carrier + "-" + number : its.getName();
    }

    /** On the loop: it turns. */
    @Override
    public void run() {
        if (thread == null) {
            thread = Thread.currentThread();
            view = turning();
        }
        answered = true;
    }

    EventLoop loop() {
        return loop;
    }

    /** Whose turn it is there, which is for ever the same where it stands. */
    LoopTurn turn() {
        return turn;
    }

    boolean answered() {
        return answered;
    }

    /** Asks it to show that it turns; false if it has ended. */
    boolean ask() {
        missed = 0;
        answered = false;
        try {
            loop.execute(this);
            return true;
        } catch (RejectedExecutionException ended) {
            LOG.trace("the loop has ended", ended);
            return false;
        }
    }

    /** It has not answered; how often in a row. */
    int miss() {
        return ++missed;
    }

    /** Where its thread is; nowhere while it has never turned. */
    StackTraceElement[] stack() {
        Thread its = thread;
        return its == null ? new StackTraceElement[0] : its.getStackTrace();
    }

    /** Has others accept for it, or no more; whether they do. */
    boolean bypass(boolean around) {
        try {
            return transport.bypass(loop, around);
        } catch (Throwable lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a transport did not go around a loop");
            return false;
        }
    }

    LoopView view() {
        return view;
    }

    /** It turns again, or for the first time. */
    void turns() {
        view = turning();
    }

    /** It does not turn. */
    void stands(LoopView.State state, Duration silent, long flows, Optional<LoopView.Holder> holder) {
        view = new LoopView(name(), carrier, state, silent, flows, holder);
    }
}
