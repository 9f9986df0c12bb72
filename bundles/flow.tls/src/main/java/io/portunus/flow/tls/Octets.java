// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

/**
 * Reads big-endian fields from a window of an array it shares. Reading past the end is no exception, since peers can cause it: it gives 0
 * or an empty window, and {@link #broken()} from then on. Confined to one thread.
 */
final class Octets {
    private final byte[] bytes;
    private final int end;
    private int at;
    private boolean broken;

    Octets(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
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

    private Octets window(int length) {
        if (!has(length)) {
            return new Octets(bytes, end, end);
        }
        at += length;
        return new Octets(bytes, at - length, at);
    }

    private boolean has(int count) {
        if (broken || end - at < count) {
            broken = true;
            at = end;
        }
        return !broken;
    }
}
