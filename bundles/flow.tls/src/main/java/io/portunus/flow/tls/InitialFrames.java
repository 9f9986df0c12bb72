// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.util.Optional;

/** Walks over the frames of an Initial packet (RFC 9000 §12.4 and §19), and takes out what is of the hello. Stateless. */
final class InitialFrames {
    private static final int PADDING = 0x00;
    private static final int PING = 0x01;
    private static final int ACK = 0x02;
    private static final int ACK_WITH_ECN = 0x03;
    private static final int CRYPTO = 0x06;
    /** That of the transport; an application's must not be in an Initial packet. */
    private static final int CONNECTION_CLOSE = 0x1c;
    private static final int ECN_COUNTS = 3;

    private InitialFrames() {
    }

    /** Gives the stream what the packet has for it; returns what is wrong with the packet, or with the stream. */
    static Optional<HelloFlaw> take(InitialPacket packet, CryptoStream stream) {
        Octets frames = packet.frames();
        if (packet.reserved()) {
            return Optional.of(QuicFlaw.RESERVED_BITS);
        }
        if (frames.remaining() == 0) {
            return Optional.of(QuicFlaw.NO_FRAME);
        }
        Optional<HelloFlaw> flaw = Optional.empty();
        while (flaw.isEmpty() && frames.remaining() > 0) {
            flaw = frame(frames, stream);
            if (frames.broken()) {
                flaw = Optional.of(QuicFlaw.FRAME_CUT_SHORT);
            }
        }
        return flaw;
    }

    private static Optional<HelloFlaw> frame(Octets frames, CryptoStream stream) {
        // One byte: a longer way to write one of these types is a violation, too.
        int type = frames.u8();
        return switch (type) {
            case PADDING, PING -> Optional.empty();
            case ACK, ACK_WITH_ECN -> passAck(frames, type == ACK_WITH_ECN ? ECN_COUNTS : 0);
            case CRYPTO -> crypto(frames, stream);
            case CONNECTION_CLOSE -> Optional.of(QuicFlaw.CLIENT_LEFT);
            default -> Optional.of(QuicFlaw.OTHER_FRAME);
        };
    }

    private static Optional<HelloFlaw> passAck(Octets frames, int counts) {
        frames.varint();
        frames.varint();
        long ranges = frames.varint();
        frames.varint();
        for (long left = ranges; left > 0 && !frames.broken(); left--) {
            frames.varint();
            frames.varint();
        }
        for (int left = counts; left > 0; left--) {
            frames.varint();
        }
        return Optional.empty();
    }

    private static Optional<HelloFlaw> crypto(Octets frames, CryptoStream stream) {
        long offset = frames.varint();
        Octets data = frames.window(frames.varint());
        return frames.broken() ? Optional.empty() : stream.add(offset, data);
    }
}
