// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/** One I/O thread of XNIO. Thread-safe, but for its scratch buffer, which is confined to the thread. */
final class XnioLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(XnioLoop.class);

    private final XnioIoThread thread;
    private final SocketDescriptors descriptors;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    /** Made with the first datagram. */
    private @Nullable ByteBuffer datagram;

    XnioLoop(XnioIoThread thread, SocketDescriptors descriptors) {
        this.thread = thread;
        this.descriptors = descriptors;
    }

    SocketDescriptors descriptors() {
        return descriptors;
    }

    XnioIoThread thread() {
        return thread;
    }

    @Override
    public boolean inside() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(guarded(task));
    }

    /** Runs the task now when called on the loop, else later on the loop. */
    void run(Runnable task) {
        if (inside()) {
            guarded(task).run();
        } else {
            execute(task);
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        XnioExecutor.Key key = thread.executeAfter(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        if (!inside()) {
            // A thread of XNIO that is about to wait looks at its tasks once more, but not at its timers: it would sleep past this one.
            thread.execute(XnioLoop::nothing);
        }
        return key::remove;
    }

    private static void nothing() {
        // To have it in the queue is all.
    }

    @Override
    public ByteBuffer scratch() {
        assert inside();
        return scratch.clear();
    }

    /** Room for the longest datagram, cleared; it is nobody's between two calls. */
    ByteBuffer datagram() {
        ByteBuffer made = datagram == null ? ByteBuffer.allocateDirect(DatagramBatch.MAX_BYTES) : datagram;
        datagram = made;
        return made.clear();
    }

    /** XNIO swallows what a task throws; here it is at least said. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable lastResort) {
                LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a task of an I/O thread failed");
            }
        };
    }
}
