// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Layout of the header of version 2 (proxy-protocol.txt, section 2.2), numbers big-endian.
 *
 * <pre>
 *  0                                                12         13          14       16
 * +--------------------------------------------------+----------+-----------+--------+-----------+---------------------
 * | 0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a              | version, | family,   | length | addresses | type, length, value
 * |                                                  | command  | transport | behind |           | and so on
 * +--------------------------------------------------+----------+-----------+--------+-----------+---------------------
 *  addresses: source, destination, source port, destination port; for AF_UNIX two paths of 108 bytes
 * </pre>
 */
final class BinaryHeader {
    static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    /** Bytes up to the addresses. */
    static final int FIXED = 16;
    static final int COMMAND_AT = 12;
    static final int FAMILY_AT = 13;
    static final int LENGTH_AT = 14;

    static final int VERSION = 2;
    /** The connection is the sender's own. */
    static final int LOCAL = 0;
    /** The connection is made on behalf of somebody. */
    static final int PROXY = 1;

    static final int UNSPEC = 0;
    static final int INET = 1;
    static final int INET6 = 2;
    static final int UNIX = 3;
    static final int STREAM = 1;
    static final int DGRAM = 2;

    static final int INET_BYTES = 12;
    static final int INET6_BYTES = 36;
    static final int UNIX_BYTES = 216;

    /** Type and length of a TLV. */
    static final int TLV_FIXED = 3;
    static final int TYPE_ALPN = 0x01;
    static final int TYPE_AUTHORITY = 0x02;
    static final int TYPE_CRC32C = 0x03;
    static final int TYPE_NOOP = 0x04;
    static final int TYPE_UNIQUE_ID = 0x05;
    static final int TYPE_SSL = 0x20;

    static final int CHECKSUM_BYTES = 4;
    private static final byte[] ZEROS = new byte[CHECKSUM_BYTES];

    private BinaryHeader() {
    }

    /** The checksum of a header whose checksum, at that place, counts as zero (section 2.2.3). */
    static int checksum(ByteBuffer bytes, int length, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, at));
        crc.update(ZEROS);
        crc.update(bytes.slice(at + CHECKSUM_BYTES, length - at - CHECKSUM_BYTES));
        return (int) crc.getValue();
    }
}
