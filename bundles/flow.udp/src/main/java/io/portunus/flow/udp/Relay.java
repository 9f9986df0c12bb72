// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.model.Datagrams;
import java.util.function.LongSupplier;

/**
 * RELAY: moves the datagrams of a session both ways, as far as policies and its rule let them go. What may not go, or does not fit, is dropped and
 * counted, and nothing waits. Confined to the session's loop.
 */
final class Relay {
    private final DatagramFlow flow;
    private final DatagramBatch batch;
    private final Batches batches;
    private final LongSupplier nanos;
    private final Allowance in;
    private final Allowance out;
    private final Datagrams rule;
    private long lastNanos;
    private long sent;
    private long answers;
    /** Bytes that its client may still be answered; counts only until it has sent a second time. */
    private long answerable;
    private int arrivals;

    /**
     * Begins, once the session is admitted.
     *
     * @param batches of its loop
     */
    Relay(DatagramFlow flow, Batches batches, LongSupplier nanos, Datagrams rule) {
        this.flow = flow;
        this.batch = batches.plain();
        this.batches = batches;
        this.nanos = nanos;
        this.rule = rule;
        this.in = new Allowance(flow::budgetIn);
        this.out = new Allowance(flow::budgetOut);
        this.lastNanos = nanos.getAsLong();
    }

    /** When something came last, by the clock that it was given. */
    long lastNanos() {
        return lastNanos;
    }

    /** Whether every datagram that went to a target has had the answers it gets; false where the rule counts none. */
    boolean answered() {
        return rule.mode() == Datagrams.Mode.RESPONSES && answers >= sent * rule.responses();
    }

    /** The client has sent; before anything else is done with it. */
    void arrived(int bytes) {
        lastNanos = nanos.getAsLong();
        arrivals++;
        answerable += (long) bytes * rule.amplification();
    }

    /** What went to a target is lost; another one gets it again. */
    void lost() {
        sent = 0;
    }

    /**
     * To a target.
     *
     * @param header what stands before each datagram; it is of no client's bytes
     */
    void toTarget(DatagramPort socket, byte[] header, DatagramBatch from, int first, int end) {
        int granted = in.upTo(from, first, end);
        drop(DatagramDrop.LIMIT_IN, end - granted);
        if (header.length == 0) {
            send(socket, 0, from, first, granted);
            return;
        }
        DatagramBatch copies = batches.headed();
        for (int next = first; next < granted;) {
            copies.clear();
            while (next < granted && copies.count() < copies.capacity()) {
                if (!copy(header, from, next++, copies)) {
                    drop(DatagramDrop.TOO_LONG, 1);
                }
            }
            send(socket, header.length, copies, 0, copies.count());
        }
    }

    /** Whether there is room for it behind the header. */
    private static boolean copy(byte[] header, DatagramBatch from, int entry, DatagramBatch to) {
        int length = from.length(entry);
        if (header.length + length > to.slotBytes()) {
            return false;
        }
        int copy = to.add(header.length + length);
        to.memory().put(to.offset(copy), header).put(to.offset(copy) + header.length, from.memory(), from.offset(entry), length);
        to.mark(copy, 0, from.ecn(entry), false);
        return true;
    }

    private void send(DatagramPort socket, int before, DatagramBatch from, int first, int end) {
        int next = first;
        int moved = 1;
        while (next < end && moved > 0) {
            moved = socket.send(from, next, end);
            next += Math.max(moved, 0);
        }
        drop(DatagramDrop.NO_ROOM_IN, moved == 0 ? end - next : 0);
        if (next > first) {
            sent += next - first;
            flow.relayedIn(next - first, bytes(from, first, next) - before * (next - first));
        }
    }

    /** What a target has answered, as many entries of the batch. */
    void toClient(int count) {
        lastNanos = nanos.getAsLong();
        answers += count;
        int first = 0;
        for (int entry = 0; entry < count; entry++) {
            if (batch.truncated(entry)) {
                reply(first, entry);
                drop(DatagramDrop.TRUNCATED, 1);
                first = entry + 1;
            }
        }
        reply(first, count);
    }

    private void reply(int first, int last) {
        int end = last;
        if (rule.amplification() > 0 && arrivals < 2) {
            end = answerable(first, last);
            // The client has not had its answer: who asks again finds the session, and has sent a second time.
            answers -= last - end;
            drop(DatagramDrop.AMPLIFICATION, last - end);
        }
        if (first == end) {
            return;
        }
        int granted = out.upTo(batch, first, end);
        drop(DatagramDrop.LIMIT_OUT, end - granted);
        int next = first;
        int moved = 1;
        while (next < granted && moved > 0) {
            moved = flow.reply(batch, next, granted);
            next += Math.max(moved, 0);
        }
        drop(DatagramDrop.NO_ROOM_OUT, moved == 0 ? granted - next : 0);
        if (next > first) {
            flow.relayedOut(next - first, bytes(batch, first, next));
        }
    }

    /** The one behind the last that the client may be answered with; behind the first that is too much there is nothing more. */
    private int answerable(int first, int last) {
        int end = first;
        while (end < last && batch.length(end) <= answerable) {
            answerable -= batch.length(end);
            end++;
        }
        answerable = end < last ? 0 : answerable;
        return end;
    }

    /** Counts what was not relayed. */
    void drop(DatagramDrop why, int count) {
        if (count > 0) {
            flow.dropped(why, count);
        }
    }

    static int bytes(DatagramBatch from, int first, int end) {
        int bytes = 0;
        for (int entry = first; entry < end; entry++) {
            bytes += from.length(entry);
        }
        return bytes;
    }
}
