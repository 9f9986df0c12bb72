// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A network of datagram sockets in memory, which loses nothing but what finds no room. Confined to one thread. */
public final class MemoryDatagrams {
    /** Where ports begin that nobody chose. */
    private static final int FIRST_PORT = 40_000;

    private final Map<InetSocketAddress, MemoryPort> bound = new HashMap<>();
    private int lastPort = FIRST_PORT;

    /** A network without anybody. */
    public MemoryDatagrams() {
        // Ports come as they are opened.
    }

    /**
     * Opens a socket.
     *
     * @throws ListenException when somebody else has the address
     */
    public DatagramPort open(EventLoop loop, DatagramSpec spec) throws ListenException {
        InetSocketAddress local = spec.local().getPort() == 0 ? new InetSocketAddress(spec.local().getAddress(), ++lastPort) : spec.local();
        if (bound.containsKey(local)) {
            throw new ListenException(new ListenFailure(ListenFailure.Cause.IN_USE, "in memory"));
        }
        MemoryPort port = new MemoryPort(this, loop, local, spec.peer());
        bound.put(local, port);
        return port;
    }

    void closed(InetSocketAddress local) {
        bound.remove(local);
    }

    /** Who has the address, or its port on every address. */
    private Optional<MemoryPort> at(InetSocketAddress address) {
        return Optional.ofNullable(bound.get(address))
            .or(() -> bound.values().stream().filter(port -> port.takesAny() && port.local().getPort() == address.getPort()).findFirst());
    }

    /** Carries a datagram; whether somebody is there. */
    boolean deliver(MemoryPort.Datagram datagram, InetSocketAddress to) {
        Optional<MemoryPort> receiver = at(to);
        receiver.ifPresent(port -> port.arrives(datagram));
        return receiver.isPresent();
    }

    /** What datagrams of a socket on every address come from, unless that is given. */
    static InetAddress own(InetAddress bound, InetSocketAddress to) {
        return bound.isAnyLocalAddress() ? to.getAddress() : bound;
    }
}
