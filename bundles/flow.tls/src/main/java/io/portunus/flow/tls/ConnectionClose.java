// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.nio.ByteBuffer;

/** Writes the first and only packet of a server that lets a client not in: an Initial packet with CONNECTION_CLOSE (RFC 9000 §19.19). Stateless. */
final class ConnectionClose {
    private static final int TYPE = 0x1c;
    private static final int FIXED_BIT = 0x40;
    /** The two bits in front of a number of QUIC that has two bytes. */
    private static final int TWO_BYTES = 0x4000;
    /** Type, error, no frame that is to blame, no words. */
    private static final int FRAME_BYTES = 5;
    /** First byte, version, lengths of both ids and of the token, length of the packet, packet number 0. */
    private static final int HEADER_BYTES = 11;
    /** The longest: a fraction of any datagram with an Initial packet, so nobody can have somebody else flooded with them. */
    static final int MAX_BYTES = HEADER_BYTES + 2 * LongHeader.MAX_ID + FRAME_BYTES + InitialKeys.TAG_BYTES;

    private ConnectionClose() {
    }

    /**
     * The datagram. The id that the client chose for the server is ours, too: nothing comes after it that would need a better one. It asks for no
     * answer, so it needs no padding (RFC 9000 §14.1).
     *
     * @param client header of a packet of the client
     * @param error less than 2^14
     */
    static byte[] answer(LongHeader client, int error) {
        byte[] to = client.source();
        byte[] from = client.destination();
        int rest = 1 + FRAME_BYTES + InitialKeys.TAG_BYTES;
        byte[] header = ByteBuffer.allocate(HEADER_BYTES + to.length + from.length)
            .put((byte) (LongHeader.FORM | FIXED_BIT | client.version().initial() << LongHeader.TYPE_SHIFT)).putInt(client.version().number())
            .put((byte) to.length).put(to).put((byte) from.length).put(from).put((byte) 0).putShort((short) (TWO_BYTES | rest)).put((byte) 0).array();
        byte[] frame = ByteBuffer.allocate(FRAME_BYTES).put((byte) TYPE).putShort((short) (TWO_BYTES | error)).array();
        return InitialPacket.seal(InitialKeys.ofServer(client.version(), from), header, 1, frame);
    }
}
