// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemorySession;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.EventLoop;
import io.portunus.model.Listener;
import io.portunus.model.Route;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;

/** A listener whose sessions are prepared by the test before their handler has them. */
record Preparing(DatagramListener listener, Consumer<MemorySession> prepare) implements DatagramListener {
    @Override
    public EventLoop loop() {
        return listener.loop();
    }

    @Override
    public Listener routes() {
        return listener.routes();
    }

    @Override
    public Optional<DatagramFlow> begin(DatagramBatch batch, int entry, Route route, DatagramSession session) {
        Optional<DatagramFlow> flow = listener.begin(batch, entry, route, session);
        flow.ifPresent(its -> prepare.accept((MemorySession) its));
        return flow;
    }

    @Override
    public Optional<DatagramFlow> begin(DatagramBatch batch, int entry, DatagramSession session) {
        Optional<DatagramFlow> flow = listener.begin(batch, entry, session);
        flow.ifPresent(its -> prepare.accept((MemorySession) its));
        return flow;
    }

    @Override
    public Optional<DatagramInspection> inspect(String kind, InetAddress client) {
        return listener.inspect(kind, client);
    }

    @Override
    public void answer(DatagramBatch batch, int entry, byte[] bytes) {
        listener.answer(batch, entry, bytes);
    }

    @Override
    public void refused(CloseReason reason, int datagrams) {
        listener.refused(reason, datagrams);
    }
}
