// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.FlowServices;
import io.portunus.flow.spi.Stream;
import java.nio.ByteBuffer;

/**
 * What a client sent before its target was there, in its order, from the first stage to the last: held once. It takes memory for what has
 * come and not for what may come, and reports to the flow's entry how much. Confined to the flow's loop.
 */
final class KeptBytes {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final FlowServices flow;
    private final BufferPool pool;
    private final EventLoop loop;
    private ByteBuffer bytes = NOTHING;

    KeptBytes(FlowServices flow, BufferPool pool, EventLoop loop) {
        this.flow = flow;
        this.pool = pool;
        this.loop = loop;
    }

    int size() {
        return bytes.position();
    }

    /** All of them, for who only looks. */
    ByteBuffer view() {
        return bytes.asReadOnlyBuffer().flip();
    }

    /**
     * Reads more, behind those that are there, so that they are not more than {@code bound}.
     *
     * @return as {@link Stream#read}
     */
    int read(Stream from, int bound) {
        ByteBuffer more = from.loop().scratch();
        int read = from.read(more.limit(Math.clamp(bound - size(), 0, more.capacity())));
        if (read > 0) {
            append(more.flip());
        }
        return read;
    }

    private void append(ByteBuffer more) {
        int wanted = size() + more.remaining();
        if (wanted > bytes.capacity()) {
            ByteBuffer larger = pool.take(loop, wanted).put(bytes.flip());
            free();
            bytes = larger;
        }
        bytes.put(more);
    }

    private void free() {
        if (bytes.capacity() > 0) {
            pool.give(loop, bytes);
            bytes = NOTHING;
        }
    }

    /** Reports how much memory they take; a flow for which there is none has to end. */
    boolean fit() {
        return flow.keep(bytes.capacity());
    }

    /** Drops the first ones: they were not the client's own. */
    void drop(int first) {
        bytes.flip().position(first).compact();
    }

    /** All of them, to be delivered now: after that they are released. */
    ByteBuffer deliver() {
        flow.keep(0);
        return bytes.flip();
    }

    /** Gives them all away, to be read by somebody else; none are left here. */
    Lent lend() {
        flow.keep(0);
        Lent lent = new Lent(bytes.capacity() > 0 ? bytes.flip() : NOTHING.duplicate());
        bytes = NOTHING;
        return lent;
    }

    /** Bytes that somebody else reads. Their memory counts for the flow until it is given back. */
    final class Lent {
        private ByteBuffer lent;

        private Lent(ByteBuffer bytes) {
            lent = bytes;
            flow.spilled(bytes.capacity());
        }

        ByteBuffer bytes() {
            return lent;
        }

        /** Nobody looks at them any more. Does nothing when it is called again. */
        void giveBack() {
            ByteBuffer its = lent;
            if (its.capacity() > 0) {
                lent = NOTHING;
                pool.give(loop, its);
                flow.spilled(-its.capacity());
            }
        }
    }

    /** Lets their memory go; nobody may look at them any more. */
    void release() {
        free();
    }
}
