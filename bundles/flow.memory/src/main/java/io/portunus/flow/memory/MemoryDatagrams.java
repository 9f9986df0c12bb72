// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.DatagramSpec.Sharing;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network of datagram sockets in memory, which loses nothing but what finds no room. Confined to one thread. */
public final class MemoryDatagrams {
    /** Where ports begin that nobody chose. */
    private static final int FIRST_PORT = 40_000;

    /** Several where they share an address: each peer is one's of them. */
    private final Map<InetSocketAddress, List<MemoryPort>> bound = new HashMap<>();
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
        List<MemoryPort> there = bound.computeIfAbsent(local, none -> new ArrayList<>());
        if (!there.isEmpty() && (spec.sharing() != Sharing.JOINS || !there.stream().allMatch(MemoryPort::shares))) {
            throw new ListenException(new ListenFailure(ListenFailure.Cause.IN_USE, "in memory"));
        }
        MemoryPort port = new MemoryPort(this, loop, local, spec);
        there.add(port);
        return port;
    }

    void closed(MemoryPort port) {
        bound.computeIfPresent(port.local(), (local, all) -> {
            all.remove(port);
            return all.isEmpty() ? null : all;
        });
    }

    /** Who has the address, or its port on every address. */
    private Optional<MemoryPort> at(InetSocketAddress address, InetSocketAddress from) {
        List<MemoryPort> all = Optional.ofNullable(bound.get(address)).or(() -> bound.values().stream()
            .filter(ports -> ports.getFirst().takesAny() && ports.getFirst().local().getPort() == address.getPort()).findFirst()).orElse(List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(Math.floorMod(from.hashCode(), all.size())));
    }

    /** Carries a datagram; whether somebody is there. */
    boolean deliver(MemoryPort.Datagram datagram, InetSocketAddress to) {
        Optional<MemoryPort> receiver = at(to, datagram.from());
        receiver.ifPresent(port -> port.arrives(datagram));
        return receiver.isPresent();
    }

    /** What datagrams of a socket on every address come from, unless that is given. */
    static InetAddress own(InetAddress bound, InetSocketAddress to) {
        return bound.isAnyLocalAddress() ? to.getAddress() : bound;
    }
}
