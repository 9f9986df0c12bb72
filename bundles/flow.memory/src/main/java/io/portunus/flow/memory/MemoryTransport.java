// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Binds in memory and accepts when the test asks for it; it has one loop, and is confined to it. */
public final class MemoryTransport implements Transport {
    /** Port that its clients come from. */
    private static final int CLIENT_PORT = 50_000;

    /** Who is called with connections, by the port that is bound. */
    public final Map<Integer, Consumer<Stream>> bound = new HashMap<>();
    /** Ports that somebody else has. */
    public final Set<Integer> taken = new HashSet<>();
    /** Who waits for a target; it never answers by itself. */
    public final List<ConnectListener> targets = new ArrayList<>();
    /** Ports bound so far. */
    public int binds;
    /** The same with those that could not be. */
    public int attempts;
    private final MemoryDatagrams datagrams = new MemoryDatagrams();
    private final String name;
    private final EventLoop loop;

    /** Binds nothing yet. */
    public MemoryTransport(String name, EventLoop loop) {
        this.name = name;
        this.loop = loop;
    }

    /** A client of a port. */
    public MemoryStream connectTo(int port) {
        return connectTo(port, "127.0.0.1");
    }

    /** A client of a port that comes from an address. */
    public MemoryStream connectTo(int port, String from) {
        Consumer<Stream> listener = bound.get(port);
        if (listener == null) {
            throw new AssertionError("nobody listens on " + port);
        }
        MemoryStream stream = new MemoryStream(loop, new InetSocketAddress(InetAddress.ofLiteral(from), CLIENT_PORT));
        listener.accept(stream);
        return stream;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<EventLoop> loops() {
        return List.of(loop);
    }

    @Override
    public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) throws ListenException {
        InetSocketAddress address = spec.address();
        attempts++;
        if (taken.contains(address.getPort())) {
            throw new ListenException(new ListenFailure(ListenFailure.Cause.IN_USE, "in memory"));
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
    public Optional<DatagramPort> datagrams(EventLoop on, DatagramSpec spec) throws ListenException {
        return Optional.of(datagrams.open(on, spec));
    }

    @Override
    public Cancellable connect(EventLoop on, ConnectSpec spec, ConnectListener done) {
        targets.add(done);
        return () -> { };
    }
}
