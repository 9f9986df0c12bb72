// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.DeclaredOrigin.Tlv;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the TLVs of a whole header. It keeps all but the checksum, which it verifies, and padding: both mean nothing for the connection.
 * Confined to one thread.
 */
final class TlvReader {
    /** Most that are kept of one header. Nobody sends a dozen; but 4096 bytes have room for a thousand, each some 100 bytes of heap here. */
    static final int MAX_TLVS = 128;
    /** Section 2.2.5. */
    static final int MAX_UNIQUE_ID = 128;
    private static final int NONE = -1;

    private final List<Tlv> kept = new ArrayList<>();
    private int checksumAt = NONE;

    /** Whether these bytes are whole TLVs, maybe none. */
    static boolean divides(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (to - at >= BinaryHeader.TLV_FIXED) {
            at += BinaryHeader.TLV_FIXED + length(bytes, at);
        }
        return at == to;
    }

    /** Reads bytes that divide into TLVs; the header ends where they end. */
    Optional<HeaderFlaw> read(ByteBuffer bytes, int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        int next;
        for (int at = from; at < to; at = next) {
            next = at + BinaryHeader.TLV_FIXED + length(bytes, at);
            int valueAt = at + BinaryHeader.TLV_FIXED;
            Tlv tlv = new Tlv(bytes.get(at) & 0xff, ByteBuffer.wrap(copy).slice(valueAt - from, next - valueAt));
            Optional<HeaderFlaw> flaw = take(tlv, valueAt);
            if (flaw.isPresent()) {
                return flaw;
            }
        }
        boolean wrong = checksumAt != NONE && BinaryHeader.checksum(bytes, to, checksumAt) != number(bytes, checksumAt);
        return wrong ? Optional.of(HeaderFlaw.CHECKSUM) : Optional.empty();
    }

    /** What was declared, in its order. */
    List<Tlv> kept() {
        return kept;
    }

    private Optional<HeaderFlaw> take(Tlv tlv, int valueAt) {
        int length = tlv.value().remaining();
        switch (tlv.type()) {
            case BinaryHeader.TYPE_NOOP -> {
                return Optional.empty();
            }
            case BinaryHeader.TYPE_CRC32C -> {
                boolean second = checksumAt != NONE;
                checksumAt = valueAt;
                return second || length != BinaryHeader.CHECKSUM_BYTES ? Optional.of(HeaderFlaw.CHECKSUM_FORM) : Optional.empty();
            }
            default -> kept.add(tlv);
        }
        if (tlv.type() == BinaryHeader.TYPE_UNIQUE_ID && length > MAX_UNIQUE_ID) {
            return Optional.of(HeaderFlaw.LONG_UNIQUE_ID);
        }
        return kept.size() > MAX_TLVS ? Optional.of(HeaderFlaw.TOO_MANY_TLVS) : Optional.empty();
    }

    private static int length(ByteBuffer bytes, int at) {
        return (bytes.get(at + 1) & 0xff) << 8 | bytes.get(at + 2) & 0xff;
    }

    /** Four bytes, whatever order the buffer is set to. */
    private static int number(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xff) << 24 | (bytes.get(at + 1) & 0xff) << 16 | length(bytes, at + 1);
    }
}
