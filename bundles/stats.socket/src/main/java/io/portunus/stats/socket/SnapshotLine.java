// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import java.nio.charset.StandardCharsets;

/**
 * A snapshot as a line, made once for all readers but for its number: each reader counts its own from 1. A gap shows a reader that it was too
 * slow for some. Immutable.
 */
final class SnapshotLine {
    /** No line. */
    static final SnapshotLine NONE = new SnapshotLine(new byte[0], new byte[0]);

    private final byte[] head;
    private final byte[] tail;

    private SnapshotLine(byte[] head, byte[] tail) {
        this.head = head;
        this.tail = tail;
    }

    /**
     * A line of its parts.
     *
     * @param atMillis when, milliseconds since 1970
     * @param uptimeMillis milliseconds since the process started
     * @param counters a JSON object that has a member, and the end of the line; its members follow the number
     */
    static SnapshotLine of(long atMillis, long uptimeMillis, byte[] counters) {
        byte[] tail = counters.clone();
        tail[0] = ',';
        return new SnapshotLine(ascii("{\"t_ms\":" + atMillis + ",\"uptime_ms\":" + uptimeMillis + ",\"seq\":"), tail);
    }

    /** The whole line. */
    byte[] numbered(long seq) {
        byte[] number = ascii(Long.toString(seq));
        byte[] line = new byte[head.length + number.length + tail.length];
        System.arraycopy(head, 0, line, 0, head.length);
        System.arraycopy(number, 0, line, head.length, number.length);
        System.arraycopy(tail, 0, line, head.length + number.length, tail.length);
        return line;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
