// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * Joins the CRYPTO frames of Initial packets (RFC 9000 §19.6), in whatever order, how often and however overlapping they come. Memory grows to the
 * highest byte that came, {@value #MAX_BYTES} at most and an eighth of it for what has come; one step a byte. Confined to one thread.
 */
final class CryptoStream {
    /** Most that is kept. Hellos have 2 KiB today, and those with a large key share 4 KiB (RFC 9000 §7.5 asks for as much). */
    static final int MAX_BYTES = 16 * 1024;

    private static final int HEADER = 4;
    private static final int CLIENT_HELLO = 1;
    private static final int FIRST_BYTES = 2048;

    private byte[] bytes = new byte[0];
    private final BitSet here = new BitSet();

    /**
     * Takes what a frame has.
     *
     * @param offset where it begins in the stream, not negative
     * @return what is wrong with it
     */
    Optional<HelloFlaw> add(long offset, Octets data) {
        long end = offset + data.remaining();
        if (end > MAX_BYTES) {
            return Optional.of(QuicFlaw.LONG_HELLO);
        }
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(end, Math.max(FIRST_BYTES, 2L * bytes.length))));
        }
        for (int at = (int) offset; at < end; at++) {
            byte octet = (byte) data.u8();
            if (here.get(at) && bytes[at] != octet) {
                return Optional.of(QuicFlaw.BYTES_DIFFER);
            }
            bytes[at] = octet;
            here.set(at);
        }
        return headerFlaw();
    }

    /** Bytes that it has taken. */
    int memory() {
        return bytes.length + here.size() / Byte.SIZE;
    }

    private Optional<HelloFlaw> headerFlaw() {
        if (here.get(0) && bytes[0] != CLIENT_HELLO) {
            return Optional.of(ClientHelloFlaw.NOT_A_CLIENT_HELLO);
        }
        return headerIsHere() && length() > MAX_BYTES ? Optional.of(QuicFlaw.LONG_HELLO) : Optional.empty();
    }

    /** Four looks and no search: it is asked for each frame, and there may be thousands. */
    private boolean headerIsHere() {
        return here.get(0) && here.get(1) && here.get(2) && here.get(HEADER - 1);
    }

    /** Of the message with its header. */
    private int length() {
        return HEADER + ((bytes[1] & 0xff) << 2 * Byte.SIZE | (bytes[2] & 0xff) << Byte.SIZE | bytes[3] & 0xff);
    }

    /** The ClientHello without its handshake header, once all of it is here. */
    Optional<Octets> clientHello() {
        boolean whole = headerIsHere() && here.nextClearBit(0) >= length();
        return whole ? Optional.of(new Octets(bytes, HEADER, length())) : Optional.empty();
    }
}
