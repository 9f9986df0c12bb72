// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/**
 * Writes Initial packets of QUIC as a client does, good and bad, and reads the one that a server refuses it with. Shares nothing with the inspector,
 * so that they do not agree on a mistake. Immutable.
 */
public final class Initials {
    /** RFC 9000 §14.1: the least that a client sends in a datagram with an Initial packet. */
    public static final int LEAST_BYTES = 1200;
    /** Bytes of the hello in each datagram of {@link #hello}: with all headers they have room in {@link #LEAST_BYTES}. */
    public static final int PIECE = 1100;

    private static final int LONG_HEADER = 0xc0;
    private static final int TYPE_SHIFT = 4;
    private static final int NUMBER_BYTES = 2;
    private static final int CRYPTO = 6;
    private static final int CONNECTION_CLOSE = 0x1c;
    private static final byte[] NOTHING = {};

    private final Version version;
    private final byte[] destination;
    private final byte[] source;
    private final byte[] token;

    /** A version of QUIC. */
    public enum Version {
        /** RFC 9000 and RFC 9001. */
        V1(0x00000001, "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic ", 0),
        /** RFC 9369. */
        V2(0x6b3343cf, "0dede3def700a6db819381be6e269dcbf9bd2ed9", "quicv2 ", 1);

        private final int number;
        private final String salt;
        private final String labels;
        private final int initial;

        Version(int number, String salt, String labels, int initial) {
            this.number = number;
            this.salt = salt;
            this.labels = labels;
            this.initial = initial;
        }

        InitialProtection protection(byte[] destination, String side) {
            return InitialProtection.derive(HexFormat.of().parseHex(salt), destination, side, labels);
        }
    }

    private Initials(Version version, byte[] destination, byte[] source, byte[] token) {
        this.version = version;
        this.destination = destination;
        this.source = source;
        this.token = token;
    }

    /** A client. */
    public static Initials of(Version version) {
        return of(version, 0);
    }

    /** A client with another id for its server. */
    public static Initials of(Version version, int seed) {
        byte[] destination = ByteBuffer.allocate(Long.BYTES).putInt(0x08070605).putInt(seed).array();
        return new Initials(version, destination, new byte[] {1, 2, 3, 4, 5}, NOTHING);
    }

    /** The same client after a server has asked it to try again (RFC 9000 §17.2.5), with the id and the token that it has from there. */
    public Initials retried(byte[] serverId, byte[] itsToken) {
        return new Initials(version, serverId.clone(), source, itsToken.clone());
    }

    /** A whole hello in as many datagrams as it takes, in order. Each has its part and padding, and can be sent alone. */
    public List<byte[]> hello(byte[] message) {
        return hello(message, PIECE);
    }

    /** The same with so many bytes of the message in each. */
    public List<byte[]> hello(byte[] message, int piece) {
        List<byte[]> datagrams = new ArrayList<>();
        for (int from = 0; from < message.length; from += piece) {
            byte[] frame = crypto(message, from, Math.min(from + piece, message.length));
            datagrams.add(datagram(datagrams.size(), LEAST_BYTES, frame));
        }
        return datagrams;
    }

    /** A frame with bytes of the hello. */
    public static byte[] crypto(long offset, byte[] data) {
        return concat(new byte[] {CRYPTO}, varint(offset), varint(data.length), data);
    }

    /** A frame with a part of a message, where it belongs. */
    public static byte[] crypto(byte[] message, int from, int to) {
        return crypto(from, Arrays.copyOfRange(message, from, to));
    }

    /** A number in eight bytes. */
    public static byte[] varint(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(0xc0L << 56 | value).array();
    }

    /** One after the other. */
    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** A datagram of one packet, padded within it. */
    public byte[] datagram(byte[]... frames) {
        return datagram(0, LEAST_BYTES, frames);
    }

    /** One with this packet number and at least as many bytes. */
    public byte[] datagram(int number, int bytes, byte[]... frames) {
        byte[] all = concat(frames);
        return packet(number, Arrays.copyOf(all, all.length + Math.max(0, bytes - packet(number, all).length)));
    }

    /** A packet with whatever is in it. */
    public byte[] packet(int number, byte[] frames) {
        return packet(number, 0, frames);
    }

    /**
     * A packet with bits in its first byte that must not be there.
     *
     * @param reserved 0 to 3
     */
    public byte[] packet(int number, int reserved, byte[] frames) {
        byte[] header = concat(start(version.initial, reserved << 2 | NUMBER_BYTES - 1), varint(token.length), token,
            varint(NUMBER_BYTES + frames.length + InitialProtection.TAG_BYTES), new byte[] {(byte) (number >> Byte.SIZE), (byte) number});
        return version.protection(destination, "client in").seal(number, header, NUMBER_BYTES, frames);
    }

    /** A packet of 0-RTT, which nobody but its server could open. */
    public byte[] zeroRtt(int bytes) {
        return concat(start(version.initial + 1, 0), varint(bytes), new byte[bytes]);
    }

    private byte[] start(int type, int low) {
        return concat(ByteBuffer.allocate(1 + Integer.BYTES).put((byte) (LONG_HEADER | type << TYPE_SHIFT | low)).putInt(version.number).array(),
            new byte[] {(byte) destination.length}, destination, new byte[] {(byte) source.length}, source);
    }

    /** The error that a server refuses this client with; empty when the datagram is no such thing, or for another client. */
    public OptionalLong refusal(byte[] datagram) {
        byte[] ours = concat(new byte[] {(byte) source.length}, source);
        ByteBuffer in = ByteBuffer.wrap(datagram).position(1);
        byte[] to = new byte[ours.length];
        if (datagram.length < Integer.BYTES + ours.length + 2 || in.getInt() != version.number || !Arrays.equals(ours, get(in, to))
                || (datagram[0] & 0xf0) != (LONG_HEADER | version.initial << TYPE_SHIFT)) {
            return OptionalLong.empty();
        }
        get(in, new byte[in.get()]);
        get(in, new byte[(int) number(in)]);
        int end = (int) number(in) + in.position();
        return version.protection(destination, "server in").open(Arrays.copyOf(datagram, end), in.position()).map(Initials::error)
            .orElse(OptionalLong.empty());
    }

    private static OptionalLong error(byte[] frames) {
        ByteBuffer in = ByteBuffer.wrap(frames);
        return in.get() == CONNECTION_CLOSE ? OptionalLong.of(number(in)) : OptionalLong.empty();
    }

    private static byte[] get(ByteBuffer in, byte[] into) {
        in.get(into);
        return into;
    }

    private static long number(ByteBuffer in) {
        int first = in.get() & 0xff;
        long value = first & 0x3f;
        for (int more = (1 << (first >> 6)) - 1; more > 0; more--) {
            value = value << Byte.SIZE | in.get() & 0xff;
        }
        return value;
    }
}
