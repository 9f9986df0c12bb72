// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.FaultAccount;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A sink of another bundle: loops leave records for it, and a thread of its own calls it, so however long it takes, and whatever it throws, no
 * connection notices. Thread-safe; a loop takes no lock here and waits for nothing.
 */
final class QueuedSink implements SinkCalls {
    /** Records that wait for it at most, some 300 bytes each; further ones are dropped. */
    static final int MOST = 8192;
    /** Longest that a sink which goes may still take for what waits. */
    private static final Duration REST = Duration.ofSeconds(1);
    /** Between two looks at what an idle sink has dropped by itself. */
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final FlowRecordSink sink;
    private final FaultAccount account;
    private final Queue<FlowRecord> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final LongAdder lost = new LongAdder();
    private final Thread thread;
    /** Confined to the thread. */
    private long taken;
    /** What it last reported. Volatile: its thread asks, surfaces read. */
    private volatile long itsOwn;
    /** Volatile: whoever adds reads it after the record is there, the thread looks for records after it is set; one sees the other. */
    private volatile boolean asleep;
    /** Volatile: set by who takes it away. */
    private volatile boolean leaving;

    QueuedSink(FlowRecordSink sink, FaultAccount account) {
        this.sink = sink;
        this.account = account;
        // A platform thread: one that spins would keep a carrier of virtual ones.
        this.thread = Thread.ofPlatform().daemon().name("records-" + account.part().bundle()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public BundlePart part() {
        return account.part();
    }

    @Override
    public boolean onLoops() {
        return false;
    }

    @Override
    public boolean of(FlowRecordSink other) {
        return sink == other;
    }

    @Override
    public void take(FlowRecord ended) {
        if (leaving || account.quarantined() || count.get() >= MOST) {
            lost.increment();
            return;
        }
        count.incrementAndGet();
        waiting.add(ended);
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    /** The edge of the thread. */
    private void run() {
        while (!leaving || !waiting.isEmpty()) {
            FlowRecord next = waiting.poll();
            if (next == null) {
                itsOwn = Math.max(itsOwn, reported());
                sleep();
            } else {
                count.decrementAndGet();
                give(next);
            }
        }
    }

    private void give(FlowRecord next) {
        if (account.quarantined()) {
            lost.increment();
            return;
        }
        account.enter();
        try {
            sink.take(next);
            taken++;
        } catch (Throwable lastResort) {
            lost.increment();
            if (account.charge(lastResort, taken)) {
                FlowEvents.sinkFailed(account.part(), lastResort);
            }
        } finally {
            account.leave();
        }
    }

    private long reported() {
        if (account.quarantined()) {
            return 0;
        }
        account.enter();
        try {
            return sink.dropped();
        } catch (Throwable lastResort) {
            account.charge(lastResort, taken);
            return 0;
        } finally {
            account.leave();
        }
    }

    private void sleep() {
        asleep = true;
        if (waiting.isEmpty() && !leaving) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        asleep = false;
    }

    @Override
    public long dropped() {
        return lost.sum() + itsOwn;
    }

    @Override
    public void leave() {
        leaving = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(REST)) {
                for (FlowRecord left = waiting.poll(); left != null; left = waiting.poll()) {
                    lost.increment();
                }
                thread.interrupt();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
