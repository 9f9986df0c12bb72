// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.DatagramBatch;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a session is known by on its socket: the address and port that its datagrams come from, the local address that was asked, and the client
 * that a header before each of them declares, if one has to stand there. One that is looked up by is set
 * anew for each datagram, so that a look-up makes nothing; one that is kept in a table is a copy and never changes. Confined to its loop.
 */
final class SessionKey {
    /** Clients choose their addresses and ports, and shall not choose who meets whom in a table. */
    private static final long SEED = ThreadLocalRandom.current().nextLong();
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private long peerHigh;
    private long peerLow;
    private long localHigh;
    private long localLow;
    private int port;
    private int scope;
    /** Whether a header stands before the datagrams. What it declares is zero where it declares nobody. */
    private boolean fronted;
    private long originHigh;
    private long originLow;
    private int originPort;

    /** Becomes that of an entry, whether a header stands before it or not. */
    SessionKey of(DatagramBatch batch, int entry) {
        peerHigh = batch.peerHigh(entry);
        peerLow = batch.peerLow(entry);
        boolean known = batch.hasLocal(entry);
        localHigh = known ? batch.localHigh(entry) : 0;
        localLow = known ? batch.localLow(entry) : 0;
        port = batch.peerPort(entry);
        scope = batch.scope(entry);
        return this;
    }

    /** One that is kept. */
    SessionKey copy() {
        SessionKey copy = sender();
        copy.fronted = fronted;
        copy.originHigh = originHigh;
        copy.originLow = originLow;
        copy.originPort = originPort;
        return copy;
    }

    /** That of the socket which sends for the client. */
    SessionKey sender() {
        SessionKey copy = new SessionKey();
        copy.peerHigh = peerHigh;
        copy.peerLow = peerLow;
        copy.localHigh = localHigh;
        copy.localLow = localLow;
        copy.port = port;
        copy.scope = scope;
        return copy;
    }

    /** That of a client for whom this one sends; empty where it sends for itself, and states so. */
    SessionKey behind(Optional<InetSocketAddress> client) {
        SessionKey key = sender();
        key.fronted = true;
        client.ifPresent(its -> {
            key.originHigh = DatagramBatch.high(its.getAddress());
            key.originLow = DatagramBatch.low(its.getAddress());
            key.originPort = its.getPort();
        });
        return key;
    }

    /** Whether a header stands before its datagrams. */
    boolean fronted() {
        return fronted;
    }

    /** Whether an entry is of the same client to the same address. */
    boolean is(DatagramBatch batch, int entry) {
        boolean known = batch.hasLocal(entry);
        return peerLow == batch.peerLow(entry) && port == batch.peerPort(entry) && peerHigh == batch.peerHigh(entry)
            && localLow == (known ? batch.localLow(entry) : 0) && localHigh == (known ? batch.localHigh(entry) : 0) && scope == batch.scope(entry);
    }

    /** Addresses an entry to the client, from the address that it asked. */
    void address(DatagramBatch batch, int entry) {
        batch.peer(entry, peerHigh, peerLow, port, scope);
        if (localHigh != 0 || localLow != 0) {
            batch.local(entry, localHigh, localLow);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionKey key && peerLow == key.peerLow && port == key.port && peerHigh == key.peerHigh
            && localLow == key.localLow && localHigh == key.localHigh && scope == key.scope && fronted == key.fronted
            && originLow == key.originLow && originHigh == key.originHigh && originPort == key.originPort;
    }

    @Override
    public int hashCode() {
        long mixed = SEED;
        mixed = mix(mixed ^ peerHigh);
        mixed = mix(mixed ^ peerLow);
        mixed = mix(mixed ^ localHigh ^ Long.rotateLeft(localLow, Integer.SIZE));
        mixed = mix(mixed ^ ((long) scope << Integer.SIZE | port));
        if (fronted) {
            mixed = mix(mixed ^ originHigh);
            mixed = mix(mixed ^ originLow);
            mixed = mix(mixed ^ originPort);
        }
        return (int) mixed;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> Integer.SIZE) * ODD;
        return mixed ^ mixed >>> 29;
    }
}
