// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Hands first bytes to inspections, in one piece or in several. */
final class Cuts {
    private Cuts() {
    }

    static Verdict verdict(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return verdict(new SshInspection(), bytes, bytes.length);
    }

    /** The verdict when the segments end at each limit, as the engine asks for it: until there is one. */
    static Verdict verdict(Inspection inspection, byte[] bytes, int... limits) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Verdict verdict = Verdict.MORE;
        for (int i = 0; i < limits.length && verdict == Verdict.MORE; i++) {
            verdict = inspection.inspect(buffer.limit(limits[i]).asReadOnlyBuffer());
        }
        return verdict;
    }

    static Verdict byteByByte(byte[] bytes) {
        int[] limits = new int[bytes.length];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = i + 1;
        }
        return verdict(new SshInspection(), bytes, limits);
    }

    /** How many bytes it takes until there is a verdict; one more than there are where there is none. */
    static int decidedAfter(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Inspection inspection = new SshInspection();
        int count = 0;
        Verdict verdict = Verdict.MORE;
        while (verdict == Verdict.MORE && count <= bytes.length) {
            count++;
            verdict = count <= bytes.length ? inspection.inspect(ByteBuffer.wrap(bytes, 0, count)) : verdict;
        }
        return count;
    }
}
