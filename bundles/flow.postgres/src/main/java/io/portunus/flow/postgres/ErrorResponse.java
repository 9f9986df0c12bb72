// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import io.portunus.flow.api.CloseReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The message with which a PostgreSQL server ends a connection that it does not want. Its texts are fixed. */
final class ErrorResponse {
    private ErrorResponse() {
    }

    /** The message for a reason, with an SQLSTATE that clients know from servers. */
    static byte[] of(CloseReason reason) {
        return switch (reason) {
            // What a server says of a client that its pg_hba.conf does not admit.
            case SOURCE_DENIED -> fatal("28000", "connections from this address are not permitted here");
            case HELLO_MALFORMED -> fatal("08P01", "the first packet is malformed");
            case PEEK_TIMEOUT, PEEK_CAPACITY, BUFFERS_FULL -> fatal("53300", "too many connections wait; try again");
            case NO_MATCHING_NAME, NO_NAME, NOT_RECOGNISED -> fatal("08004", "no rule of this port takes the connection");
            default -> new byte[0];
        };
    }

    private static byte[] fatal(String code, String text) {
        byte[] fields = ("SFATAL\0VFATAL\0C" + code + "\0M" + text + "\0\0").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + Integer.BYTES + fields.length).put((byte) 'E').putInt(Integer.BYTES + fields.length).put(fields).array();
    }
}
