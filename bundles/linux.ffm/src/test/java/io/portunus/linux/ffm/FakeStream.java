// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/** A stream that has a descriptor, and a loop that does at once what it is given. */
final class FakeStream implements Stream {
    int descriptor;
    private final EventLoop loop;

    FakeStream(int descriptor) {
        this(descriptor, new FakeLoop());
    }

    FakeStream(int descriptor, EventLoop loop) {
        this.descriptor = descriptor;
        this.loop = loop;
    }

    private static final class FakeLoop implements EventLoop {
        @Override
        public boolean inside() {
            return true;
        }

        @Override
        public Cancellable after(Duration delay, Runnable task) {
            throw new AssertionError("no timers");
        }

        @Override
        public ByteBuffer scratch() {
            throw new AssertionError("no copies");
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public InetSocketAddress local() {
        throw new AssertionError("unused");
    }

    @Override
    public InetSocketAddress peer() {
        throw new AssertionError("unused");
    }

    @Override
    public int read(ByteBuffer to) {
        throw new AssertionError("no copies");
    }

    @Override
    public int write(ByteBuffer from) {
        throw new AssertionError("no copies");
    }

    @Override
    public void onFault(Consumer<Throwable> told) {
        throw new AssertionError("unused");
    }

    @Override
    public void interest(boolean read, boolean write) {
        throw new AssertionError("unused");
    }

    @Override
    public void events(StreamEvents events) {
        throw new AssertionError("unused");
    }

    @Override
    public void tune(SocketTuning tuning) {
        throw new AssertionError("unused");
    }

    @Override
    public void endOutput() {
        throw new AssertionError("unused");
    }

    @Override
    public void close() {
        throw new AssertionError("unused");
    }

    @Override
    public void reset() {
        throw new AssertionError("unused");
    }
}
