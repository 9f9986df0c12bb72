// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.DatagramSpec.Sharing;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioWorker;

/**
 * Opens the sockets of a port. The JDK does not report to which address a datagram came, nor lets it go from another than that of its socket. So
 * beside the one on the wildcard there is one on each address that an interface lists; each takes what comes to its own, and answers from there.
 */
final class NioDatagramSockets {
    private static final Logger LOG = LoggerFactory.getLogger(NioDatagramSockets.class);
    /** Sockets beside the one on the wildcard; what comes to further addresses is taken by that. */
    private static final int MOST_ADDRESSES = 64;

    private final DatagramWatches watches;
    private final XnioWorker worker;
    private final DatagramSpec spec;
    private final List<NioDatagrams> opened = new ArrayList<>();

    private NioDatagramSockets(DatagramWatches watches, XnioWorker worker, DatagramSpec spec) {
        this.watches = watches;
        this.worker = worker;
        this.spec = spec;
    }

    /** The sockets of a port, the one on its own address first. */
    static List<NioDatagrams> open(DatagramWatches watches, XnioWorker worker, DatagramSpec spec) throws IOException {
        NioDatagramSockets sockets = new NioDatagramSockets(watches, worker, spec);
        try {
            sockets.open();
            return List.copyOf(sockets.opened);
        } catch (IOException | RuntimeException refused) {
            sockets.opened.forEach(NioDatagrams::close);
            throw refused;
        }
    }

    private void open() throws IOException {
        InetAddress address = resolved(spec.local());
        if (spec.peer().isPresent()) {
            connect(address, spec.peer().get());
            return;
        }
        boolean everywhere = address.isAnyLocalAddress();
        DatagramChannel first = Families.datagrams(address, spec.ownFamilyOnly());
        add(first, () -> {
            first.setOption(StandardSocketOptions.SO_REUSEPORT, spec.sharing() == Sharing.JOINS).bind(spec.local());
            // Set before, it would let this one join whoever has the address.
            first.setOption(StandardSocketOptions.SO_REUSEPORT, everywhere || spec.sharing() != Sharing.ALONE);
        });
        if (everywhere) {
            addEachAddress(address, opened.getFirst().local().getPort());
            first.setOption(StandardSocketOptions.SO_REUSEPORT, spec.sharing() != Sharing.ALONE);
        }
    }

    private static InetAddress resolved(InetSocketAddress of) throws UnknownHostException {
        InetAddress address = of.getAddress();
        if (address == null) {
            throw new UnknownHostException(of.getHostString());
        }
        return address;
    }

    private void connect(InetAddress address, InetSocketAddress peer) throws IOException {
        boolean anywhere = address.isAnyLocalAddress();
        DatagramChannel channel = Families.datagrams(anywhere ? resolved(peer) : address);
        add(channel, () -> {
            if (!anywhere || spec.local().getPort() != 0) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, spec.sharing() == Sharing.JOINS);
                channel.bind(anywhere ? new InetSocketAddress(wildcard(peer.getAddress()), spec.local().getPort()) : spec.local());
            }
            channel.connect(peer);
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, spec.sharing() != Sharing.ALONE);
        });
    }

    private static InetAddress wildcard(InetAddress family) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[family.getAddress().length]);
    }

    /** Binds a channel that was opened. */
    private interface Binding {
        void bind() throws IOException;
    }

    private void add(DatagramChannel channel, Binding binding) throws IOException {
        try {
            channel.configureBlocking(false);
            buffers(channel, spec.tuning());
            binding.bind();
            opened.add(new NioDatagrams(channel, watches.watch(worker, channel)));
        } catch (IOException | RuntimeException refused) {
            IoUtils.safeClose(channel);
            throw refused;
        }
    }

    private static void buffers(DatagramChannel channel, SocketTuning tuning) throws IOException {
        if (tuning.sendBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, tuning.sendBuffer());
        }
        if (tuning.receiveBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, tuning.receiveBuffer());
        }
    }

    private void addEachAddress(InetAddress wildcard, int port) throws SocketException {
        for (InetAddress address : addresses()) {
            if (opened.size() <= MOST_ADDRESSES && (!spec.ownFamilyOnly() || address instanceof Inet6Address == wildcard instanceof Inet6Address)) {
                addOne(address, port);
            }
        }
    }

    private static List<InetAddress> addresses() throws SocketException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).distinct().toList();
    }

    private void addOne(InetAddress address, int port) {
        try {
            DatagramChannel channel = Families.datagrams(address);
            add(channel, () -> {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress(address, port));
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, spec.sharing() != Sharing.ALONE);
            });
        } catch (IOException refused) {
            // One that is not ready yet, as IPv6 tries its own for a second first: what comes to it is taken by the wildcard.
            LOG.atDebug().addKeyValue("address", address).setCause(refused).log("datagrams to an address are answered from where the route begins");
        }
    }
}
