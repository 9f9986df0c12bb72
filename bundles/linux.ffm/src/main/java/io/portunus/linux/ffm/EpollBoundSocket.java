// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.BoundSocket;
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
    private final int descriptor;
    private final List<Acceptor> acceptors;
    private final Supplier<SocketLibc> libc;
    private final AtomicBoolean closed = new AtomicBoolean();

    EpollBoundSocket(InetSocketAddress address, int descriptor, List<Acceptor> acceptors, Supplier<SocketLibc> libc) {
        this.address = address;
        this.descriptor = descriptor;
        this.acceptors = acceptors;
        this.libc = libc;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** That of the first loop; while others have queues of their own, who duplicates it takes over this one's queue only. */
    @Override
    public int descriptor() {
        return closed.get() ? -1 : descriptor;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Sockets caller = new Sockets(libc.get());
            acceptors.forEach(each -> each.close(caller));
        }
    }
}
