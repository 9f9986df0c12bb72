// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.BoundSocket;
import java.net.InetSocketAddress;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/** A listening socket of XNIO. Thread-safe. */
record XnioBoundSocket(AcceptingChannel<StreamConnection> server, SocketDescriptors descriptors) implements BoundSocket {
    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalAddress();
    }

    @Override
    public int descriptor() {
        return server.isOpen() ? descriptors.of(server) : -1;
    }

    @Override
    public void close() {
        IoUtils.safeClose(server);
    }
}
