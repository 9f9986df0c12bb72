// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.Transport;
import io.portunus.itest.contracts.DatagramSocketContract;
import io.portunus.linux.ffm.SystemCallsComponent;
import java.io.IOException;

/** Datagram sockets by epoll owe what all of them owe. */
class EpollDatagramsTest extends DatagramSocketContract {
    @Override
    protected Transport start(int loops) throws IOException {
        return EpollTransport.start(new SystemCallsComponent(), loops, System::nanoTime);
    }

    @Override
    protected void stop(Transport started) {
        ((EpollTransport) started).close();
    }
}
