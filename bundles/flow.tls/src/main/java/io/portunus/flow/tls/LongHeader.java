// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.Arrays;
import java.util.Optional;

/**
 * The long header of a packet where it lies in a datagram (RFC 9000 §17.2), as far as it is not protected. Immutable.
 *
 * <pre>
 * 1 | any | type (2 bits) | protected (4 bits) | version (4) | dcid &lt;0..20&gt; (1) | scid &lt;0..20&gt; (1)
 *   | [token (varint)] | length (varint) | packet number ...
 * </pre>
 */
final class LongHeader {
    /** RFC 9000 §17.2: in QUIC version 1, the length of a connection id must not exceed 20 bytes; version 2 has the same. */
    static final int MAX_ID = 20;
    /** First bit of a packet with a long header. */
    static final int FORM = 0x80;
    /** Where the type stands in the first byte. */
    static final int TYPE_SHIFT = 4;

    private static final int TYPES = 3;

    private final QuicVersion version;
    private final boolean initial;
    private final byte[] destination;
    private final byte[] source;
    private final int start;
    private final int number;
    private final int end;

    private LongHeader(QuicVersion version, boolean initial, byte[] destination, byte[] source, int... at) {
        this.version = version;
        this.initial = initial;
        this.destination = destination;
        this.source = source;
        start = at[0];
        number = at[1];
        end = at[2];
    }

    /**
     * Reads the next one of a datagram, and goes to the end of its packet. The second bit is not looked at, since clients that were here before may
     * write anything there (RFC 9287 §3).
     *
     * @return empty when no Initial or 0-RTT packet of a version that we know begins there, or it reaches over the end
     */
    static Optional<LongHeader> read(Octets datagram) {
        int start = datagram.at();
        int first = datagram.u8();
        Optional<QuicVersion> version = QuicVersion.of(datagram.u32());
        if ((first & FORM) == 0 || version.isEmpty()) {
            return Optional.empty();
        }
        int type = first >> TYPE_SHIFT & TYPES;
        boolean initial = type == version.get().initial();
        Octets destination = datagram.vector8();
        Octets source = datagram.vector8();
        if (!initial && type != version.get().zeroRtt() || destination.remaining() > MAX_ID || source.remaining() > MAX_ID) {
            return Optional.empty();
        }
        if (initial) {
            datagram.window(datagram.varint());
        }
        long length = datagram.varint();
        int number = datagram.at();
        datagram.window(length);
        return datagram.broken() ? Optional.empty()
            : Optional.of(new LongHeader(version.get(), initial, destination.copy(), source.copy(), start, number, datagram.at()));
    }

    QuicVersion version() {
        return version;
    }

    /** Whether it is an Initial packet; else it is a 0-RTT packet. */
    boolean initial() {
        return initial;
    }

    /** Id that the client chose for the server; shared, not to be changed. */
    byte[] destination() {
        return destination;
    }

    /** Id that the client chose for itself; shared, not to be changed. */
    byte[] source() {
        return source;
    }

    /** Where the packet begins in its datagram. */
    int start() {
        return start;
    }

    /** Where its packet number begins. */
    int number() {
        return number;
    }

    /** Where it ends. */
    int end() {
        return end;
    }

    /** Whether both are of one connection. */
    boolean sameDestination(LongHeader other) {
        return version == other.version && Arrays.equals(destination, other.destination);
    }
}
