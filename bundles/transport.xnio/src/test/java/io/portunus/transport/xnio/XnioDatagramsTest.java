// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Transport;
import io.portunus.itest.contracts.DatagramSocketContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xnio.Xnio;

/** Datagram sockets on XNIO's threads owe what all of them owe, but for what the JDK does not let them know. */
class XnioDatagramsTest extends DatagramSocketContract {
    @Override
    protected Transport start(int loops) throws IOException {
        return XnioTransport.start(Xnio.getInstance(XnioDatagramsTest.class.getClassLoader()), loops);
    }

    @Override
    protected void stop(Transport started) {
        ((XnioTransport) started).close();
    }

    @Override
    protected Set<Unknown> unknown() {
        return Set.of(Unknown.MARK, Unknown.UNLISTED_ADDRESS);
    }

    @Test
    void whatComesToAnAddressThatNoInterfaceListsIsTakenWithoutIt() throws Exception {
        DatagramPort server = open(DatagramSpec.at(new InetSocketAddress(0)));
        DatagramPort client = open();

        send(client, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), server.local().getPort()), "ask");

        assertThat(receive(server)).containsExactly("ask");
        assertThat(batch.hasLocal(0)).isFalse();
        assertThat(on(() -> server.send(batch, 0, 1))).isEqualTo(1);
        assertThat(receive(client)).containsExactly("ask");
    }

    @Test
    void thereAreNoneWhereOneWorkerHasAllThreads() throws Exception {
        try (XnioTransport queued = XnioTransport.start(Xnio.getInstance(XnioDatagramsTest.class.getClassLoader()), 1, Optional.empty())) {
            EventLoop loop = queued.loops().getFirst();

            assertThat(on(loop, () -> queued.datagrams(loop, DatagramSpec.at(ANY_PORT)))).isEmpty();
        }
    }
}
