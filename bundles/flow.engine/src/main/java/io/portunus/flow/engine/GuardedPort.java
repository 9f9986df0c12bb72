// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.EventLoop;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket of a session as its handler sees it: what the handler's callbacks throw goes to a {@link Guard}, and the socket is silent from
 * then on. Confined to its loop.
 */
final class GuardedPort implements DatagramPort, DatagramEvents {
    private final DatagramPort socket;
    private final Guard user;
    private final Consumer<DatagramPort> onClose;
    private @Nullable DatagramEvents events;

    GuardedPort(DatagramPort socket, Guard user, Consumer<DatagramPort> onClose) {
        this.socket = socket;
        this.user = user;
        this.onClose = onClose;
    }

    @Override
    public void readable(DatagramPort itself) {
        DatagramEvents target = events;
        if (target != null) {
            try {
                target.readable(this);
            } catch (Throwable lastResort) {
                threw(lastResort);
            }
        }
    }

    @Override
    public void writable(DatagramPort itself) {
        DatagramEvents target = events;
        if (target != null) {
            try {
                target.writable(this);
            } catch (Throwable lastResort) {
                threw(lastResort);
            }
        }
    }

    private void threw(Throwable fault) {
        events = null;
        socket.interest(false, false);
        user.threw(fault);
    }

    @Override
    public EventLoop loop() {
        return socket.loop();
    }

    @Override
    public InetSocketAddress local() {
        return socket.local();
    }

    @Override
    public Optional<InetSocketAddress> peer() {
        return socket.peer();
    }

    @Override
    public int receive(DatagramBatch batch) {
        return socket.receive(batch);
    }

    @Override
    public int send(DatagramBatch batch, int first, int end) {
        return socket.send(batch, first, end);
    }

    @Override
    public Optional<DatagramFault> fault() {
        return socket.fault();
    }

    @Override
    public void interest(boolean read, boolean write) {
        socket.interest(read, write);
    }

    @Override
    public void events(DatagramEvents target) {
        events = target;
        socket.events(this);
    }

    @Override
    public void close() {
        events = null;
        socket.close();
        onClose.accept(socket);
    }
}
