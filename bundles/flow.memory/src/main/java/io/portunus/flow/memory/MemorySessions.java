// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramInspector;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.model.Listener;
import io.portunus.model.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A listener of datagrams in memory, with its sessions: what an engine is to a handler of datagrams. Confined to one thread.
 */
public final class MemorySessions implements DatagramListener, DatagramEvents {
    /** Sessions that began, in their order. */
    public final List<MemorySession> begun = new ArrayList<>();
    /** Datagrams that no session was for, by reason. */
    public final Map<CloseReason, Integer> refused = new LinkedHashMap<>();
    /** Whether no session may begin. */
    public boolean full;
    /** Who looks at what clients send first, by kind. */
    public final Map<String, DatagramInspector> inspectors = new HashMap<>();
    /** What clients were answered that got no session. */
    public final List<byte[]> answers = new ArrayList<>();
    private final MemoryDatagrams network;
    private final MemoryLoop loop;
    private Listener routes;
    private final DatagramHandler handler;
    private final DatagramPort port;
    private final DatagramBatch batch = new DatagramBatch(8, DatagramBatch.MAX_BYTES);
    private final Map<InetSocketAddress, MemorySession> sessions = new HashMap<>();

    /**
     * Listens.
     *
     * @param at where
     * @throws ListenException when somebody has the address
     */
    public MemorySessions(MemoryDatagrams network, MemoryLoop loop, Listener routes, DatagramHandler handler, InetSocketAddress at)
            throws ListenException {
        this.network = network;
        this.loop = loop;
        this.routes = routes;
        this.handler = handler;
        port = network.open(loop, DatagramSpec.at(at));
        port.events(this);
        port.interest(true, false);
    }

    @Override
    public void readable(DatagramPort itself) {
        int count = port.receive(batch);
        for (int entry = 0; entry < count; entry++) {
            @Nullable MemorySession session = sessions.get(batch.peer(entry));
            if (session == null) {
                handler.arrived(batch, entry, entry + 1, this);
            } else {
                session.received(batch, entry, entry + 1);
            }
        }
    }

    @Override
    public void writable(DatagramPort itself) {
        // Nobody waits for room.
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Listener routes() {
        return routes;
    }

    @Override
    public Optional<DatagramFlow> begin(DatagramBatch from, int entry, Route route, DatagramSession session) {
        if (full) {
            return Optional.empty();
        }
        InetSocketAddress client = from.peer(entry);
        MemorySession flow = new MemorySession(this, client, session);
        sessions.put(client, flow);
        begun.add(flow);
        return Optional.of(flow);
    }

    @Override
    public Optional<DatagramFlow> begin(DatagramBatch from, int entry, DatagramSession session) {
        InetSocketAddress client = from.peer(entry);
        MemorySession flow = new MemorySession(this, client, session);
        sessions.put(client, flow);
        begun.add(flow);
        return Optional.of(flow);
    }

    @Override
    public Optional<DatagramInspection> inspect(String kind, InetAddress client) {
        return Optional.ofNullable(inspectors.get(kind)).map(DatagramInspector::begin);
    }

    @Override
    public void answer(DatagramBatch to, int entry, byte[] bytes) {
        answers.add(bytes.clone());
    }

    @Override
    public void refused(CloseReason reason, int datagrams) {
        refused.merge(reason, datagrams, Integer::sum);
    }

    /** Other rules are in force from now on. */
    public void reload(Listener others) {
        routes = others;
    }

    DatagramPort port() {
        return port;
    }

    MemoryLoop memoryLoop() {
        return loop;
    }

    MemoryDatagrams network() {
        return network;
    }

    void ended(MemorySession session) {
        sessions.values().remove(session);
    }
}
