// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.linux.api.SocketLibc;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A listener, accepted from on each loop. Thread-safe. When {@link #close} has returned its port is free; connections that waited then are
 * still handed on, on their loops.
 */
final class EpollBoundSocket implements BoundSocket {
    private final InetSocketAddress address;
    private final List<Integer> descriptors;
    private final List<Acceptor> acceptors;
    private final Supplier<SocketLibc> calls;
    private final AtomicBoolean closed = new AtomicBoolean();

    EpollBoundSocket(InetSocketAddress address, List<Integer> descriptors, List<Acceptor> acceptors, Supplier<SocketLibc> calls) {
        this.address = address;
        this.descriptors = descriptors;
        this.acceptors = acceptors;
        this.calls = calls;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public List<Integer> descriptors() {
        return closed.get() ? List.of() : descriptors;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Sockets caller = new Sockets(calls.get());
            acceptors.forEach(each -> each.close(caller));
        }
    }
}
