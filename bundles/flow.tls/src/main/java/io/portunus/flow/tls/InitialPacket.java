// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.Arrays;
import java.util.Optional;

/**
 * Takes the protection off an Initial packet, and puts it on (RFC 9001 §5.3 and §5.4).
 *
 * @param reserved whether bits of its first byte are set that must not be (RFC 9000 §17.2)
 * @param frames what it carries; read once
 */
record InitialPacket(boolean reserved, Octets frames) {
    /** The sample begins where the frames would after the longest packet number, RFC 9001 §5.4.2. */
    private static final int LONGEST_NUMBER = 4;
    private static final int PROTECTED_BITS = 0x0f;
    private static final int RESERVED_BITS = 0x0c;
    private static final int NUMBER_LENGTH = 0x03;

    /**
     * Opens a packet. Its number is taken as it stands there: before a server has acknowledged anything, a client must write it whole (RFC 9000
     * §17.1).
     *
     * @return empty when it was not written with these keys, or changed on its way
     */
    static Optional<InitialPacket> open(byte[] datagram, LongHeader header, InitialKeys keys) {
        int sample = header.number() + LONGEST_NUMBER;
        if (header.end() - sample < InitialKeys.SAMPLE_BYTES) {
            return Optional.empty();
        }
        byte[] mask = keys.mask(datagram, sample);
        int first = datagram[header.start()] ^ mask[0] & PROTECTED_BITS;
        int frames = header.number() + (first & NUMBER_LENGTH) + 1;
        byte[] clear = Arrays.copyOfRange(datagram, header.start(), frames);
        cover(clear, header.number() - header.start(), mask);
        long number = 0;
        for (int at = header.number() - header.start(); at < clear.length; at++) {
            number = number << Byte.SIZE | clear[at] & 0xff;
        }
        return keys.open(number, clear, datagram, frames, header.end())
            .map(opened -> new InitialPacket((first & RESERVED_BITS) != 0, new Octets(opened, 0, opened.length)));
    }

    /**
     * Writes a packet.
     *
     * @param header from its first byte to the last one of the packet number
     * @param numberBytes how many of these are the packet number
     */
    static byte[] seal(InitialKeys keys, byte[] header, int numberBytes, byte[] frames) {
        long number = 0;
        for (int at = header.length - numberBytes; at < header.length; at++) {
            number = number << Byte.SIZE | header[at] & 0xff;
        }
        byte[] sealed = keys.seal(number, header, frames);
        byte[] packet = Arrays.copyOf(header, header.length + sealed.length);
        System.arraycopy(sealed, 0, packet, header.length, sealed.length);
        byte[] mask = keys.mask(packet, header.length - numberBytes + LONGEST_NUMBER);
        byte[] covered = header.clone();
        cover(covered, header.length - numberBytes, mask);
        System.arraycopy(covered, 0, packet, 0, covered.length);
        return packet;
    }

    /** Covers, or uncovers, the first byte of a header and the packet number at its end. */
    private static void cover(byte[] header, int number, byte[] mask) {
        header[0] ^= (byte) (mask[0] & PROTECTED_BITS);
        for (int at = number; at < header.length; at++) {
            header[at] ^= mask[1 + at - number];
        }
    }
}
