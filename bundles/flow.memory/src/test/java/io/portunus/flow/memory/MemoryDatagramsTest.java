// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Transport;
import io.portunus.itest.contracts.DatagramContract;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Datagrams in memory keep the contract of those of sockets. */
class MemoryDatagramsTest extends DatagramContract {
    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryTransport transport = new MemoryTransport("memory", loop);

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected <T> T on(EventLoop on, Callable<T> step) throws Exception {
        return step.call();
    }

    @Override
    protected void settle() {
        loop.pass(Duration.ZERO);
    }
}
