// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Sends a word as a datagram from one port to another, and back from the address that was asked. Confined to one loop. */
final class DatagramTrial implements DatagramEvents {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(0);

    private final ByteBuffer word;
    private final CompletableFuture<Boolean> heard;
    private final DatagramBatch batch = new DatagramBatch(1, DatagramBatch.MAX_BYTES);

    private DatagramTrial(byte[] word, CompletableFuture<Boolean> heard) {
        this.word = ByteBuffer.wrap(word);
        this.heard = heard;
    }

    /** Begins; called on the loop. Its ports end with it. */
    static void begin(EventLoop loop, InetSocketAddress at, byte[] word, CompletableFuture<Boolean> heard) {
        try {
            DatagramPort server = EpollPort.open((EpollLoop) loop, DatagramSpec.at(ANYWHERE));
            InetSocketAddress asked = new InetSocketAddress(at.getAddress(), server.local().getPort());
            DatagramPort client = EpollPort.open((EpollLoop) loop, DatagramSpec.at(at).connectedTo(asked));
            DatagramTrial trial = new DatagramTrial(word, heard);
            server.events(trial);
            server.interest(true, false);
            client.events(trial);
            client.interest(true, false);
            trial.batch.add(ByteBuffer.wrap(word));
            client.send(trial.batch, 0, 1);
        } catch (IOException refused) {
            heard.completeExceptionally(refused);
        }
    }

    @Override
    public void readable(DatagramPort port) {
        if (port.receive(batch) <= 0) {
            return;
        }
        if (port.peer().isEmpty()) {
            port.send(batch, 0, 1);
            return;
        }
        ByteBuffer came = ByteBuffer.allocate(batch.length(0));
        batch.copy(0, came);
        heard.complete(came.flip().equals(word));
    }

    @Override
    public void writable(DatagramPort port) {
        throw new AssertionError("nobody asked for it");
    }
}
