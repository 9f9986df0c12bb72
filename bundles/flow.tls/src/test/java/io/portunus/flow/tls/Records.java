// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.Cuts;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Cuts messages into records, and connections into segments. */
final class Records {
    private static final Cuts CUTS = new Cuts(TlsInspection::new);

    private Records() {
    }

    static byte[] record(int type, int version, byte[] fragment) {
        return ClientHelloBuilder.concat(new byte[] {(byte) type}, ClientHelloBuilder.u16(version), ClientHelloBuilder.vector16(fragment));
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
        return CUTS.verdict(bytes);
    }

    /** The verdict when the first segment ends at each limit, as the engine asks for it: until there is one. */
    static Verdict verdict(byte[] bytes, int... limits) {
        return CUTS.verdict(bytes, limits);
    }

    /** The verdict when the bytes come one by one. */
    static Verdict byteByByte(byte[] bytes) {
        return CUTS.byteByByte(bytes);
    }
}
