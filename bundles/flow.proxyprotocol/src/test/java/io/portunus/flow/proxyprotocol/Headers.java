// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.model.Protocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Makes headers by hand, and has them read. */
final class Headers {
    static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private Headers() {
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A binary header: command and family as hexadecimal, the length of what follows, and that. */
    static byte[] binary(String commandAndFamily, String block) {
        byte[] behind = hex(block);
        return concat(hex(SIGNATURE + commandAndFamily), new byte[] {(byte) (behind.length >> 8), (byte) behind.length}, behind);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The verdict when all bytes come at once. */
    static FilterVerdict read(byte[] bytes) {
        return feed(bytes, bytes.length);
    }

    /** The verdict when the bytes are a datagram. */
    static FilterVerdict readDatagram(byte[] bytes) {
        return new HeaderIn(Protocol.UDP).filter(ByteBuffer.wrap(bytes.clone()));
    }

    /** The verdict when the bytes come one by one. */
    static FilterVerdict readByteByByte(byte[] bytes) {
        int[] limits = new int[bytes.length];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = i + 1;
        }
        return feed(bytes, limits);
    }

    /** The verdict when the segments end at these limits, as the handler asks for it: until there is one. */
    static FilterVerdict feed(byte[] bytes, int... limits) {
        Filtering filtering = new HeaderIn(Protocol.TCP);
        ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
        FilterVerdict verdict = FilterVerdict.MORE;
        for (int i = 0; i < limits.length && verdict == FilterVerdict.MORE; i++) {
            buffer.limit(limits[i]);
            verdict = filtering.filter(buffer);
            if (buffer.position() != 0 || buffer.limit() != limits[i]) {
                throw new AssertionError("the buffer was moved");
            }
        }
        return verdict;
    }

    static FilterVerdict missing() {
        return HeaderFlaw.NO_HEADER.verdict();
    }

    static boolean refused(FilterVerdict verdict) {
        return verdict instanceof FilterVerdict.No(CloseReason reason, String detail) && !detail.isEmpty()
            && (reason.equals(ProxyReason.MISSING) || reason.equals(ProxyReason.MALFORMED));
    }
}
