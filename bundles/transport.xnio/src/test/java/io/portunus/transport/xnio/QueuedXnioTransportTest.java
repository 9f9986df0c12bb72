// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.Transport;
import io.portunus.itest.contracts.TransportContract;
import java.io.IOException;
import java.util.Optional;
import org.xnio.Xnio;

/** The same where XNIO accepts on a thread of its own, as on other systems. */
class QueuedXnioTransportTest extends TransportContract {
    @Override
    protected Transport start(int loops) throws IOException {
        return XnioTransport.start(Xnio.getInstance(QueuedXnioTransportTest.class.getClassLoader()), loops, Optional.empty());
    }

    @Override
    protected void stop(Transport started) {
        ((XnioTransport) started).close();
    }
}
