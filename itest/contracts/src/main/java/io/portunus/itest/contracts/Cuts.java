// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Hands preludes to inspections, in one piece or in several. Stateless.
 *
 * @param begin a new inspection
 */
public record Cuts(Supplier<Inspection> begin) {
    /** The longest refusal that is still a short word. */
    private static final int LONGEST_REFUSAL = 200;

    /** The verdict when segments end at each limit, as the engine asks for it: until there is one. */
    public static Verdict feed(Inspection inspection, byte[] bytes, int... limits) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Verdict verdict = Verdict.MORE;
        for (int i = 0; i < limits.length && verdict == Verdict.MORE; i++) {
            verdict = inspection.inspect(buffer.limit(limits[i]).asReadOnlyBuffer());
        }
        return verdict;
    }

    /** The verdict when all comes at once; one byte a character. */
    public Verdict verdict(String octets) {
        return verdict(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The verdict when all comes at once. */
    public Verdict verdict(byte[] bytes) {
        return verdict(bytes, bytes.length);
    }

    /** The verdict when segments end at each limit. */
    public Verdict verdict(byte[] bytes, int... limits) {
        return feed(begin.get(), bytes, limits);
    }

    /** The verdict when the bytes come one by one. */
    public Verdict byteByByte(byte[] bytes) {
        int[] limits = new int[bytes.length];
        Arrays.setAll(limits, i -> i + 1);
        return verdict(bytes, limits);
    }

    /** How many bytes it takes until there is a verdict; one more than there are where there is none. */
    public int decidedAfter(String octets) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        Inspection inspection = begin.get();
        int count = 1;
        while (count <= bytes.length && inspection.inspect(ByteBuffer.wrap(bytes, 0, count)) == Verdict.MORE) {
            count++;
        }
        return count;
    }

    /**
     * For fuzzing: no exception, one verdict however the bytes are cut, short refusals, and no name that is none.
     *
     * @throws AssertionError if it is not so
     */
    public void holdTogether(byte[] bytes) {
        Inspection inspection = begin.get();
        Verdict whole = feed(inspection, bytes, bytes.length);
        int cut = Math.floorMod(Arrays.hashCode(bytes), bytes.length + 1);
        expect(whole, byteByByte(bytes));
        expect(whole, verdict(bytes, cut, bytes.length));
        for (CloseReason reason : CloseReason.known()) {
            if (inspection.refusal(reason).length > LONGEST_REFUSAL) {
                throw new AssertionError(reason + " is told at length");
            }
        }
        if (whole instanceof Verdict.Recognised match) {
            match.prelude().serverName().ifPresent(Cuts::expectClean);
        }
    }

    private static void expect(Verdict wanted, Verdict seen) {
        if (!wanted.equals(seen)) {
            throw new AssertionError(wanted + " but cut otherwise " + seen);
        }
    }

    static void expectClean(String name) {
        if (!name.matches("(?=.{1,253}$)[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*") || name.matches("[0-9.]+")) {
            throw new AssertionError("a name that is none reaches the routes");
        }
    }
}
