// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.spi.DatagramBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client has sent to a session whose target is not there yet, or has not answered yet: the next target gets it, too. Confined to the
 * session's loop.
 */
final class WaitingDatagrams {
    /** Datagrams that are kept: a flight of a QUIC or DTLS client and its repetition. */
    static final int MAX_DATAGRAMS = 32;
    /** Bytes of all of them; one of the longest fits if nothing else is kept. */
    static final int MAX_BYTES = 65_536;

    private final List<Waiting> kept = new ArrayList<>(2);
    private int bytes;

    private record Waiting(ByteBuffer bytes, int ecn) {
    }

    /** Copies datagrams; how many found no room. */
    int add(DatagramBatch batch, int first, int end) {
        int dropped = 0;
        for (int entry = first; entry < end; entry++) {
            dropped += add(batch, entry) ? 0 : 1;
        }
        return dropped;
    }

    /** Copies a datagram; whether there was room. An empty one counts as one, too. */
    boolean add(DatagramBatch batch, int entry) {
        int length = batch.length(entry);
        if (kept.size() == MAX_DATAGRAMS || bytes + length > MAX_BYTES) {
            return false;
        }
        ByteBuffer copy = ByteBuffer.allocate(length);
        batch.copy(entry, copy);
        kept.add(new Waiting(copy.flip(), batch.ecn(entry)));
        bytes += length;
        return true;
    }

    int bytes() {
        return bytes;
    }

    int count() {
        return kept.size();
    }

    /** Puts the first one into the batch, alone, and keeps it no longer. */
    void take(DatagramBatch batch) {
        Waiting first = kept.removeFirst();
        bytes -= first.bytes().remaining();
        batch.clear();
        batch.mark(batch.add(first.bytes()), 0, first.ecn(), false);
    }

    /** Puts copies into the batch, from one of them on, as many as it has room for. */
    void copy(int from, DatagramBatch batch) {
        batch.clear();
        for (int i = from; i < kept.size() && batch.count() < batch.capacity(); i++) {
            Waiting next = kept.get(i);
            batch.mark(batch.add(next.bytes().duplicate()), 0, next.ecn(), false);
        }
    }
}
