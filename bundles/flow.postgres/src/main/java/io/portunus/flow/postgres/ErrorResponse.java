// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import io.portunus.flow.api.CloseReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The message with which a PostgreSQL server ends a connection that it refuses. Its texts are fixed. */
final class ErrorResponse {
    /** What a server sends to a client that its pg_hba.conf does not admit. */
    private static final byte[] DENIED = fatal("28000", "connections from this address are not permitted here");
    private static final byte[] NO_ROOM = fatal("53300", "too many connections wait; try again");
    private static final byte[] NOT_HERE = fatal("08004", "no rule of this port takes the connection");
    private static final Map<CloseReason, byte[]> MESSAGES = Map.of(
        CloseReason.SOURCE_DENIED, DENIED, CloseReason.HELLO_MALFORMED, fatal("08P01", "the first packet is malformed"),
        CloseReason.PEEK_TIMEOUT, NO_ROOM, CloseReason.PEEK_CAPACITY, NO_ROOM, CloseReason.BUFFERS_FULL, NO_ROOM,
        CloseReason.NO_MATCHING_NAME, NOT_HERE, CloseReason.NO_NAME, NOT_HERE, CloseReason.NOT_RECOGNISED, NOT_HERE);

    private ErrorResponse() {
    }

    /** The message for a reason, with an SQLSTATE that clients know from servers. */
    static byte[] of(CloseReason reason) {
        byte[] message = MESSAGES.get(reason);
        return message == null ? new byte[0] : message.clone();
    }

    private static byte[] fatal(String code, String text) {
        byte[] fields = ("SFATAL\0VFATAL\0C" + code + "\0M" + text + "\0\0").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + Integer.BYTES + fields.length).put((byte) 'E').putInt(Integer.BYTES + fields.length).put(fields).array();
    }
}
