// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.DatagramBatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a session is known by on its socket: the client's address and port, and the local address that it asked. One that is looked up by is set
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

    /** Becomes that of an entry. */
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
        SessionKey copy = new SessionKey();
        copy.peerHigh = peerHigh;
        copy.peerLow = peerLow;
        copy.localHigh = localHigh;
        copy.localLow = localLow;
        copy.port = port;
        copy.scope = scope;
        return copy;
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
            && localLow == key.localLow && localHigh == key.localHigh && scope == key.scope;
    }

    @Override
    public int hashCode() {
        long mixed = SEED;
        mixed = mix(mixed ^ peerHigh);
        mixed = mix(mixed ^ peerLow);
        mixed = mix(mixed ^ localHigh ^ Long.rotateLeft(localLow, Integer.SIZE));
        mixed = mix(mixed ^ ((long) scope << Integer.SIZE | port));
        return (int) mixed;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> Integer.SIZE) * ODD;
        return mixed ^ mixed >>> 29;
    }
}
