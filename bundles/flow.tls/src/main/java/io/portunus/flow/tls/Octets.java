// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.Arrays;

/**
 * Reads big-endian fields from a window of an array it shares. Reading past the end is no exception, since peers can cause it: it gives 0
 * or an empty window, and {@link #broken()} from then on. Confined to one thread.
 */
final class Octets {
    private static final int VARINT_BITS = 0x3f;
    private static final int VARINT_SHIFT = 6;

    private final byte[] bytes;
    private final int end;
    private int at;
    private boolean broken;

    Octets(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /** Where in the array it is. */
    int at() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    /** Whether a field reached over the end. */
    boolean broken() {
        return broken;
    }

    /** Whether everything was read, and nothing over the end. */
    boolean spent() {
        return !broken && at == end;
    }

    int u8() {
        return has(1) ? bytes[at++] & 0xff : 0;
    }

    int u16() {
        if (!has(2)) {
            return 0;
        }
        int value = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        at += 2;
        return value;
    }

    int u32() {
        return u16() << Short.SIZE | u16();
    }

    /** A number of QUIC, whose first two bits state its length (RFC 9000 §16). */
    long varint() {
        int first = u8();
        long value = first & VARINT_BITS;
        for (int more = (1 << (first >> VARINT_SHIFT)) - 1; more > 0; more--) {
            value = value << Byte.SIZE | u8();
        }
        return value;
    }

    /** A vector with a length of one byte in front. */
    Octets vector8() {
        return window(u8());
    }

    /** A vector with a length of two bytes in front. */
    Octets vector16() {
        return window(u16());
    }

    void skip(int count) {
        if (has(count)) {
            at += count;
        }
    }

    /** As many bytes, from here on. */
    Octets window(long length) {
        if (!has(length)) {
            return new Octets(bytes, end, end);
        }
        int from = at;
        at += (int) length;
        return new Octets(bytes, from, at);
    }

    /** A copy of what remains, which is left where it is. */
    byte[] copy() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    private boolean has(long count) {
        if (broken || end - at < count) {
            broken = true;
            at = end;
        }
        return !broken;
    }
}
