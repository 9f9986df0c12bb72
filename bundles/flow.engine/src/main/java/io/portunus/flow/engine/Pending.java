// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a flow without a target holds: a place among those that wait for what comes first, and bytes of its client's. It is a link in the
 * list of its source, whose head has waited longest without progress. Confined to the flow's loop.
 */
final class Pending {
    private static final int PREFIX_BYTES = 8;
    /** No /64 begins with it: it keeps IPv4 addresses apart from the prefixes. */
    private static final long IPV4 = 0xffff_ffffL << 32;

    private final Owner owner;
    private final EngineListener listener;
    private @Nullable Source source;
    private @Nullable Pending older;
    private @Nullable Pending newer;
    private boolean place;
    private int bytes;
    private long progressNanos;

    /** Whose it is. */
    interface Owner {
        /** Ends the flow, on its loop and at once: another one needs what it holds. */
        void giveWay(CloseReason reason);
    }

    Pending(Owner owner, EngineListener listener) {
        this.owner = owner;
        this.listener = listener;
    }

    /** Whom a flow counts for: an IPv4 address, or the /64 that a host of IPv6 has to itself. */
    static long key(InetAddress client) {
        byte[] address = client.getAddress();
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return address.length < PREFIX_BYTES ? IPV4 | bytes.getInt() & 0xffff_ffffL : bytes.getLong();
    }

    EngineListener listener() {
        return listener;
    }

    @Nullable Source source() {
        return source;
    }

    boolean place() {
        return place;
    }

    int bytes() {
        return bytes;
    }

    int weight(Thing thing) {
        return thing == Thing.BYTES ? bytes : place ? 1 : 0;
    }

    void giveWay(CloseReason reason) {
        owner.giveWay(reason);
    }

    /** What flows of one source hold, the one that has waited longest first. Confined to one loop. */
    static final class Source {
        final long key;
        private @Nullable Pending oldest;
        private @Nullable Pending newest;
        private int places;
        private long bytes;

        Source(long key) {
            this.key = key;
        }

        boolean empty() {
            return oldest == null;
        }

        /** What it holds of one thing, but for one of its flows. */
        long weight(Thing thing, @Nullable Pending but) {
            long all = thing == Thing.PLACES ? places : bytes;
            return but != null && but.source == this ? all - but.weight(thing) : all;
        }

        /** Who of those that hold some of it has waited longest; not the one that needs it. */
        @Nullable Pending longest(Thing thing, @Nullable Pending but) {
            Pending found = oldest;
            while (found != null && (found == but || found.weight(thing) == 0)) {
                found = found.newer;
            }
            return found;
        }

        /** Puts a flow last: it is new, or made progress. */
        void join(Pending flow, long nanos) {
            flow.source = this;
            flow.progressNanos = nanos;
            Pending last = newest;
            flow.older = last;
            newest = flow;
            if (last == null) {
                oldest = flow;
            } else {
                last.newer = flow;
            }
            places += flow.place ? 1 : 0;
            bytes += flow.bytes;
        }

        void leave(Pending flow) {
            Pending before = flow.older;
            Pending after = flow.newer;
            if (before == null) {
                oldest = after;
            } else {
                before.newer = after;
            }
            if (after == null) {
                newest = before;
            } else {
                after.older = before;
            }
            flow.older = null;
            flow.newer = null;
            flow.source = null;
            places -= flow.place ? 1 : 0;
            bytes -= flow.bytes;
        }
    }

    /** What may run out. */
    enum Thing {
        /** Places of a listener. */
        PLACES,
        /** Bytes of the node. */
        BYTES
    }

    /** Sets what it holds; only while it is in no list. */
    void holds(boolean itsPlace, int itsBytes) {
        place = itsPlace;
        bytes = itsBytes;
    }

    long progressNanos() {
        return progressNanos;
    }
}
