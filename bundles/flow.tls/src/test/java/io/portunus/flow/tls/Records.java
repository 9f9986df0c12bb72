// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Cuts messages into records, and connections into segments. */
final class Records {
    private Records() {
    }

    static byte[] record(int type, int version, byte[] fragment) {
        return HelloBuilder.concat(new byte[] {(byte) type}, HelloBuilder.u16(version), HelloBuilder.vector16(fragment));
    }

    /** One record up to each cut, and one for the rest. */
    static byte[] cut(byte[] message, int... cuts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        for (int cut : cuts) {
            out.writeBytes(record(22, 0x0301, Arrays.copyOfRange(message, from, cut)));
            from = cut;
        }
        out.writeBytes(record(22, 0x0301, Arrays.copyOfRange(message, from, message.length)));
        return out.toByteArray();
    }

    /** Records of one size. */
    static byte[] sliced(byte[] message, int size) {
        int[] cuts = new int[(message.length - 1) / size];
        Arrays.setAll(cuts, i -> (i + 1) * size);
        return cut(message, cuts);
    }

    /** The verdict when all bytes come at once. */
    static Verdict verdict(byte[] bytes) {
        return verdict(bytes, bytes.length);
    }

    /** The verdict when the first segment ends at each limit, as the engine asks for it: until there is one. */
    static Verdict verdict(byte[] bytes, int... limits) {
        return feed(new TlsInspection(), bytes, limits);
    }

    static Verdict feed(Inspection inspection, byte[] bytes, int... limits) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Verdict verdict = Verdict.MORE;
        for (int i = 0; i < limits.length && verdict == Verdict.MORE; i++) {
            verdict = inspection.inspect(buffer.limit(limits[i]));
        }
        return verdict;
    }

    /** The verdict when the bytes come one by one. */
    static Verdict byteByByte(byte[] bytes) {
        int[] limits = new int[bytes.length];
        Arrays.setAll(limits, i -> i + 1);
        return verdict(bytes, limits);
    }
}
