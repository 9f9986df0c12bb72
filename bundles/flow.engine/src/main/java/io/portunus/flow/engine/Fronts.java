// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.DatagramBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers that stand before datagrams of sessions, by the socket that sends them. What begins with the bytes of a header that was read belongs to
 * its session, so a header is read once a session and not once a datagram, and finding it makes nothing. Confined to its loop.
 */
final class Fronts {
    /** Headers of one socket; if it sends for more clients at a time, those that were read longest ago are read anew. */
    static final int MAX_OF_SOCKET = 8;
    /** Bytes of a header that is kept; a longer one is read for each datagram. */
    static final int MAX_BYTES = 512;

    /** As many as there are sessions at most. */
    private final Map<SessionKey, List<Known>> bySender = new HashMap<>();

    /**
     * A header that was read.
     *
     * @param flow the session that it belongs to
     * @param bytes the header
     */
    record Known(SessionFlow flow, ByteBuffer bytes) {
        private boolean before(DatagramBatch batch, int entry) {
            if (batch.length(entry) < bytes.limit()) {
                return false;
            }
            int at = batch.offset(entry);
            // From its end, where headers of one sender differ.
            for (int i = bytes.limit() - 1; i >= 0; i--) {
                if (batch.memory().get(at + i) != bytes.get(i)) {
                    return false;
                }
            }
            return true;
        }

        /** Takes it away from as many entries as begin with it; the one behind the last of them. */
        int strip(DatagramBatch batch, int first, int end) {
            int next = first;
            while (next < end && before(batch, next)) {
                batch.strip(next, bytes.limit());
                next++;
            }
            return next;
        }
    }

    /** The header that an entry begins with; null where it begins with none that is known. */
    @Nullable Known of(SessionKey sender, DatagramBatch batch, int entry) {
        List<Known> all = bySender.isEmpty() ? null : bySender.get(sender);
        for (int i = 0; all != null && i < all.size(); i++) {
            if (all.get(i).before(batch, entry)) {
                return all.get(i);
            }
        }
        return null;
    }

    /** Keeps the header of a session, which may have had another one. */
    void keep(Front front, SessionFlow flow) {
        forget(front.sender(), flow);
        int length = front.header().limit();
        if (length > 0 && length <= MAX_BYTES) {
            List<Known> all = bySender.computeIfAbsent(front.sender(), its -> new ArrayList<>(1));
            if (all.size() == MAX_OF_SOCKET) {
                all.removeFirst();
            }
            all.add(new Known(flow, front.header()));
        }
    }

    /** The session is over, or has another header from now on. */
    void forget(SessionKey sender, SessionFlow flow) {
        List<Known> all = bySender.get(sender);
        if (all != null && all.removeIf(its -> its.flow() == flow) && all.isEmpty()) {
            bySender.remove(sender);
        }
    }
}
