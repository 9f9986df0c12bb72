// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.Transport;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Binds in memory and accepts when the test says so. Confined to the test's thread; its loop's time is moved by the test. */
final class FakeTransport implements Transport, EventLoop {
    final Map<Integer, Consumer<Stream>> bound = new HashMap<>();
    final Set<Integer> taken = new HashSet<>();
    final List<ConnectListener> targets = new ArrayList<>();
    int binds;
    int attempts;
    private final List<Timer> timers = new ArrayList<>();
    private final String name;
    private long now;

    FakeTransport() {
        this("fake");
    }

    FakeTransport(String name) {
        this.name = name;
    }

    private record Timer(long at, Runnable task) {
    }

    /** A client of a port. */
    FakeStream connectTo(int port) {
        return connectTo(port, new FakeStream());
    }

    /** A client of a port that comes from an address. */
    FakeStream connectTo(int port, String from) {
        return connectTo(port, new FakeStream(InetAddress.ofLiteral(from)));
    }

    private FakeStream connectTo(int port, FakeStream stream) {
        Consumer<Stream> listener = bound.get(port);
        if (listener == null) {
            throw new AssertionError("nobody listens on " + port);
        }
        listener.accept(stream);
        return stream;
    }

    void pass(Duration time) {
        now += time.toNanos();
        for (Timer timer : List.copyOf(timers)) {
            if (timer.at() <= now && timers.remove(timer)) {
                timer.task().run();
            }
        }
    }

    /** The time that has passed, by the test's word. */
    long nanos() {
        return now;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<EventLoop> loops() {
        return List.of(this);
    }

    @Override
    public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) throws IOException {
        InetSocketAddress address = spec.address();
        attempts++;
        if (taken.contains(address.getPort())) {
            throw new BindException("Address already in use");
        }
        binds++;
        spec.takesOver().ifPresent(BoundSocket::close);
        bound.put(address.getPort(), onAccept);
        return new BoundSocket() {
            @Override
            public InetSocketAddress address() {
                return address;
            }

            @Override
            public List<Integer> descriptors() {
                return List.of();
            }

            @Override
            public void close() {
                bound.remove(address.getPort());
            }
        };
    }

    @Override
    public Cancellable connect(EventLoop loop, ConnectSpec spec, ConnectListener done) {
        targets.add(done);
        return () -> { };
    }

    @Override
    public boolean inside() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Timer timer = new Timer(now + delay.toNanos(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public ByteBuffer scratch() {
        return ByteBuffer.allocate(SCRATCH_BYTES);
    }

    /** A connection that remembers its end. */
    final class FakeStream implements Stream {
        private final InetAddress from;
        boolean reset;
        Consumer<Throwable> fault = t -> { };

        FakeStream() {
            this(InetAddress.getLoopbackAddress());
        }

        FakeStream(InetAddress from) {
            this.from = from;
        }

        @Override
        public EventLoop loop() {
            return FakeTransport.this;
        }

        @Override
        public InetSocketAddress local() {
            return peer();
        }

        @Override
        public InetSocketAddress peer() {
            return new InetSocketAddress(from, 50_000);
        }

        @Override
        public int read(ByteBuffer to) {
            return 0;
        }

        @Override
        public int write(ByteBuffer from) {
            return 0;
        }

        @Override
        public void tune(SocketTuning tuning) {
            // No socket, no options.
        }

        @Override
        public int descriptor() {
            return -1;
        }

        @Override
        public void interest(boolean read, boolean write) {
            // Nothing comes.
        }

        @Override
        public void events(StreamEvents events) {
            // Nothing comes.
        }

        @Override
        public void onFault(Consumer<Throwable> told) {
            fault = told;
        }

        @Override
        public void endOutput() {
            // Nobody looks.
        }

        @Override
        public void close() {
            // Nobody looks.
        }

        @Override
        public void reset() {
            reset = true;
        }
    }
}
