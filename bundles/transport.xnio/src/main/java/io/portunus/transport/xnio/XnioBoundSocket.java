// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.BoundSocket;
import java.net.InetSocketAddress;
import java.util.List;
import org.xnio.IoUtils;

/**
 * A listener on XNIO. Thread-safe.
 *
 * @param servers its sockets, one at least, all on one address
 * @param numbers their descriptors while they are open; empty if they cannot be found out
 */
record XnioBoundSocket(List<XnioServer> servers, List<Integer> numbers) implements BoundSocket {
    static XnioBoundSocket of(List<XnioServer> servers, SocketDescriptors descriptors) {
        List<Integer> numbers = servers.stream().flatMap(s -> s.channel().stream()).map(descriptors::of).filter(number -> number >= 0).toList();
        return new XnioBoundSocket(List.copyOf(servers), numbers.size() == servers.size() ? numbers : List.of());
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) servers.getFirst().accepting().getLocalAddress();
    }

    @Override
    public List<Integer> descriptors() {
        return servers.getFirst().accepting().isOpen() ? numbers : List.of();
    }

    @Override
    public void close() {
        servers.forEach(server -> IoUtils.safeClose(server.accepting()));
    }
}
