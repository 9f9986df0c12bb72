// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.Filtering.Outcome;
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

    /** The outcome when all bytes come at once. */
    static Outcome read(byte[] bytes) {
        return feed(bytes, bytes.length);
    }

    /** The outcome when the bytes come one by one. */
    static Outcome readByteByByte(byte[] bytes) {
        int[] limits = new int[bytes.length];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = i + 1;
        }
        return feed(bytes, limits);
    }

    /** The outcome when the segments end at these limits, as the handler asks for it: until there is one. */
    static Outcome feed(byte[] bytes, int... limits) {
        Filtering filtering = new HeaderIn();
        ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
        Outcome outcome = Outcome.MORE;
        for (int i = 0; i < limits.length && outcome == Outcome.MORE; i++) {
            buffer.limit(limits[i]);
            outcome = filtering.filter(buffer);
            if (buffer.position() != 0 || buffer.limit() != limits[i]) {
                throw new AssertionError("the buffer was moved");
            }
        }
        return outcome;
    }

    static Outcome missing() {
        return HeaderFlaw.NO_HEADER.outcome();
    }

    static boolean refused(Outcome outcome) {
        return outcome instanceof Outcome.No(CloseReason reason, String detail) && !detail.isEmpty()
            && (reason.equals(ProxyReason.MISSING) || reason.equals(ProxyReason.MALFORMED));
    }
}
