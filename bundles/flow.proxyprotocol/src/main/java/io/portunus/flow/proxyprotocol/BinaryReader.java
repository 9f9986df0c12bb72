// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.model.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Reads a header of version 2 that begins with its signature; nothing but the addresses and the TLVs is copied. */
final class BinaryReader {
    private static final DeclaredOrigin NOTHING_DECLARED = new DeclaredOrigin(Optional.empty(), List.of());

    private BinaryReader() {
    }

    static FilterVerdict read(ByteBuffer bytes, Protocol protocol) {
        int seen = bytes.limit();
        Optional<HeaderFlaw> flaw = fixedFlaw(bytes, protocol);
        if (flaw.isPresent()) {
            return flaw.get().verdict();
        }
        if (seen < BinaryHeader.FIXED) {
            return FilterVerdict.MORE;
        }
        int length = BinaryHeader.FIXED + u16(bytes, BinaryHeader.LENGTH_AT);
        if (length > Filtering.MAX_BYTES) {
            return HeaderFlaw.LONG_HEADER.verdict();
        }
        // Section 2.2: of LOCAL the whole block is discarded, whatever its family and TLVs; but its length is skipped, which some fill.
        boolean local = command(bytes) == BinaryHeader.LOCAL;
        if (!local && length - BinaryHeader.FIXED < addressBytes(bytes)) {
            return HeaderFlaw.SHORT_ADDRESSES.verdict();
        }
        if (seen < length) {
            return FilterVerdict.MORE;
        }
        return local ? new FilterVerdict.Header(length, NOTHING_DECLARED) : proxied(bytes, length);
    }

    /** What is wrong with the bytes before the length, as far as they have come. */
    private static Optional<HeaderFlaw> fixedFlaw(ByteBuffer bytes, Protocol protocol) {
        int seen = bytes.limit();
        if (seen <= BinaryHeader.COMMAND_AT) {
            return Optional.empty();
        }
        if (high(bytes, BinaryHeader.COMMAND_AT) != BinaryHeader.VERSION) {
            return Optional.of(HeaderFlaw.VERSION);
        }
        if (command(bytes) != BinaryHeader.LOCAL && command(bytes) != BinaryHeader.PROXY) {
            return Optional.of(HeaderFlaw.COMMAND);
        }
        if (seen <= BinaryHeader.FAMILY_AT || command(bytes) == BinaryHeader.LOCAL) {
            return Optional.empty();
        }
        if (high(bytes, BinaryHeader.FAMILY_AT) > BinaryHeader.UNIX) {
            return Optional.of(HeaderFlaw.FAMILY);
        }
        return switch (low(bytes, BinaryHeader.FAMILY_AT)) {
            case BinaryHeader.UNSPEC -> Optional.empty();
            case BinaryHeader.STREAM -> protocol == Protocol.TCP ? Optional.empty() : Optional.of(HeaderFlaw.STREAM);
            case BinaryHeader.DGRAM -> protocol == Protocol.UDP ? Optional.empty() : Optional.of(HeaderFlaw.DATAGRAM);
            default -> Optional.of(HeaderFlaw.TRANSPORT);
        };
    }

    private static FilterVerdict proxied(ByteBuffer bytes, int length) {
        int from = BinaryHeader.FIXED + addressBytes(bytes);
        if (!TlvReader.divides(bytes, from, length)) {
            // Without a family the block may be an address of any form, to be ignored (section 2.2); then there is nothing to read in it.
            return unspecified(bytes) ? new FilterVerdict.Header(length, NOTHING_DECLARED) : HeaderFlaw.TLV_OVERRUN.verdict();
        }
        TlvReader tlvs = new TlvReader();
        Optional<HeaderFlaw> flaw = tlvs.read(bytes, from, length);
        return flaw.isPresent() ? flaw.get().verdict() : new FilterVerdict.Header(length, new DeclaredOrigin(addresses(bytes), tlvs.kept()));
    }

    private static Optional<Addresses> addresses(ByteBuffer bytes) {
        return switch (addressBytes(bytes)) {
            case BinaryHeader.INET_BYTES -> Optional.of(addresses(bytes, 4));
            case BinaryHeader.INET6_BYTES -> Optional.of(addresses(bytes, 16));
            default -> Optional.empty();
        };
    }

    private static Addresses addresses(ByteBuffer bytes, int width) {
        int client = BinaryHeader.FIXED;
        int ports = client + 2 * width;
        return new Addresses(address(bytes, client, width, ports), address(bytes, client + width, width, ports + 2));
    }

    /** IPv4-mapped addresses are folded by the JDK. */
    private static InetSocketAddress address(ByteBuffer bytes, int at, int width, int portAt) {
        byte[] address = new byte[width];
        bytes.get(at, address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), u16(bytes, portAt));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 and 16 bytes are an address", impossible);
        }
    }

    /** Bytes of the addresses; 0 where the layout is not known, which ends in the addresses of the socket. */
    private static int addressBytes(ByteBuffer bytes) {
        if (unspecified(bytes)) {
            return 0;
        }
        return switch (high(bytes, BinaryHeader.FAMILY_AT)) {
            case BinaryHeader.INET -> BinaryHeader.INET_BYTES;
            case BinaryHeader.INET6 -> BinaryHeader.INET6_BYTES;
            default -> BinaryHeader.UNIX_BYTES;
        };
    }

    private static boolean unspecified(ByteBuffer bytes) {
        return high(bytes, BinaryHeader.FAMILY_AT) == BinaryHeader.UNSPEC || low(bytes, BinaryHeader.FAMILY_AT) == BinaryHeader.UNSPEC;
    }

    private static int command(ByteBuffer bytes) {
        return low(bytes, BinaryHeader.COMMAND_AT);
    }

    private static int high(ByteBuffer bytes, int at) {
        return bytes.get(at) >> 4 & 0xf;
    }

    private static int low(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xf;
    }

    private static int u16(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xff) << 8 | bytes.get(at + 1) & 0xff;
    }
}
