// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LayerHost;
import io.portunus.flow.spi.StreamLayer;
import java.util.function.Consumer;

/**
 * A layer that is to TLS what a sketch is to a house: a handshake of three messages, records, an end that is meant, and bytes that nobody reads
 * by accident, since each is XORed. Thread-safe.
 *
 * <pre>
 * prelude  asks -> asked   type(1) version(2) length(2) body(length), as a record of TLS is framed
 * answer   asked -> asks   'X' 'O' 'R'
 * done     asks -> asked   'o' 'k'
 * record   both ways       length(2), 1 to 4096; that many bytes, each XORed
 * end      both ways       length(2), 0
 * </pre>
 *
 * @param trap called before each step; what it throws is thrown by the layer
 */
public record XorLayer(Consumer<Point> trap) implements StreamLayer {
    /** Its kind. */
    public static final String KIND = "xor";
    /** Longest payload of a record. */
    static final int MAX_PAYLOAD = 4096;
    /** Length before a payload. */
    static final int HEADER = 2;
    /** Before the body of a prelude. */
    static final int PRELUDE_HEADER = 5;
    private static final byte MASK = 0x5A;

    /** Where a layer is. */
    public enum Point {
        BEGIN, CANCEL, HANDSHAKE_READABLE, HANDSHAKE_WRITABLE, READABLE, WRITABLE, LATER, READ, WRITE, INTEREST, EVENTS, UNSENT, END_OUTPUT, TUNE,
        DESCRIPTOR, CLOSE, RESET
    }

    /** Throws nothing. */
    public XorLayer() {
        this(point -> { });
    }

    /** One that fails at this point. */
    public static XorLayer broken(Point where) {
        return new XorLayer(point -> {
            if (point == where) {
                throw new IllegalStateException("broken on purpose at " + where);
            }
        });
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Cancellable begin(LayerHost host) {
        trap.accept(Point.BEGIN);
        XorHandshake handshake = new XorHandshake(host, trap);
        handshake.begin();
        return handshake;
    }

    /** The byte as it travels, and back. */
    static byte masked(byte plain) {
        return (byte) (plain ^ MASK);
    }
}
