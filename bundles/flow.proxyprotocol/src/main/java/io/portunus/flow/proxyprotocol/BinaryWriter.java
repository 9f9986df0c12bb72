// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin.Tlv;
import io.portunus.flow.spi.UpstreamHeader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes headers of version 2. */
final class BinaryWriter {
    private static final int CHECKSUM_TLV = BinaryHeader.TLV_FIXED + BinaryHeader.CHECKSUM_BYTES;

    private BinaryWriter() {
    }

    /**
     * The header that declares nothing, and leaves the target with the addresses of its socket. It has no TLVs: whoever reads it discards them.
     *
     * <p>It is not only for connections without a client, as a balancer's health check is one, but also for those whose addresses cannot be
     * declared. {@code PROXY} with AF_UNSPEC would declare more, but a receiver "is free to reject it", and HAProxy 2.6 does; LOCAL is what every
     * receiver "must accept" (section 2.2), and what HAProxy itself sends then. A lost address is better than a lost connection.
     */
    static byte[] local() {
        byte[] bytes = new byte[BinaryHeader.FIXED];
        begin(bytes, BinaryHeader.LOCAL, BinaryHeader.UNSPEC << 4 | BinaryHeader.UNSPEC);
        return bytes;
    }

    /**
     * The header of a connection that is made for somebody.
     *
     * @param transport how it is carried
     * @param ends its addresses, both of one family
     * @param tlvs what else to write, the weightiest first; what the header has no room for is left out
     * @param checksum whether it ends in a checksum
     */
    static byte[] proxied(int transport, Addresses ends, List<Tlv> tlvs, boolean checksum) {
        byte[] addresses = addresses(ends);
        int family = addresses.length == BinaryHeader.INET_BYTES ? BinaryHeader.INET : BinaryHeader.INET6;
        int reserved = addresses.length + (checksum ? CHECKSUM_TLV : 0);
        List<Tlv> fitting = fitting(tlvs, UpstreamHeader.MAX_BYTES - BinaryHeader.FIXED - reserved);

        byte[] bytes = new byte[BinaryHeader.FIXED + reserved + fitting.stream().mapToInt(BinaryWriter::length).sum()];
        ByteBuffer header = begin(bytes, BinaryHeader.PROXY, family << 4 | transport).put(addresses);
        for (Tlv tlv : fitting) {
            begin(header, tlv.type(), tlv.value().remaining()).put(tlv.value());
        }
        if (checksum) {
            int at = begin(header, BinaryHeader.TYPE_CRC32C, BinaryHeader.CHECKSUM_BYTES).position();
            header.putInt(at, BinaryHeader.checksum(header, bytes.length, at));
        }
        return bytes;
    }

    private static ByteBuffer begin(byte[] header, int command, int familyAndTransport) {
        return ByteBuffer.wrap(header).put(BinaryHeader.SIGNATURE).put((byte) (BinaryHeader.VERSION << 4 | command))
            .put((byte) familyAndTransport).putShort((short) (header.length - BinaryHeader.FIXED));
    }

    private static byte[] addresses(Addresses ends) {
        InetAddress client = ends.client().getAddress();
        InetAddress local = ends.local().getAddress();
        byte[] source = client.getAddress();
        return ByteBuffer.allocate(2 * source.length + 4).put(source).put(local.getAddress()).putShort((short) ends.client().getPort())
            .putShort((short) ends.local().getPort()).array();
    }

    private static List<Tlv> fitting(List<Tlv> tlvs, int room) {
        List<Tlv> fitting = new ArrayList<>(tlvs.size());
        int left = room;
        for (Tlv tlv : tlvs) {
            if (length(tlv) <= left) {
                left -= length(tlv);
                fitting.add(tlv);
            }
        }
        return fitting;
    }

    private static int length(Tlv tlv) {
        return BinaryHeader.TLV_FIXED + tlv.value().remaining();
    }

    private static ByteBuffer begin(ByteBuffer header, int type, int length) {
        return header.put((byte) type).putShort((short) length);
    }
}
