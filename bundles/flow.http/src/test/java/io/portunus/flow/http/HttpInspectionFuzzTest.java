// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the inspection with whole connections: no exception, one answer however the bytes are cut, and short refusals. */
class HttpInspectionFuzzTest {
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void answersOnceHoweverTheBytesAreCut(byte[] bytes) {
        Inspection inspection = new HttpInspection();
        Verdict whole = Cuts.verdict(inspection, bytes, bytes.length);
        int cut = Math.floorMod(Arrays.hashCode(bytes), bytes.length + 1);

        expect(whole, Cuts.byteByByte(bytes));
        expect(whole, Cuts.verdict(new HttpInspection(), bytes, cut, bytes.length));
        for (CloseReason reason : CloseReason.values()) {
            if (inspection.refusal(reason).length > 200) {
                throw new AssertionError(reason + " is told at length");
            }
        }
        if (whole instanceof Verdict.Match match) {
            match.prelude().serverName().ifPresent(HttpInspectionFuzzTest::expectClean);
        }
    }

    static Stream<byte[]> seeds() {
        return Sample.ALL.stream().map(Sample::bytes);
    }

    private static void expect(Verdict wanted, Verdict seen) {
        if (!wanted.equals(seen)) {
            throw new AssertionError(wanted + " but cut otherwise " + seen);
        }
    }

    private static void expectClean(String name) {
        if (!name.matches("(?=.{1,253}$)[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*") || name.matches("[0-9.]+")) {
            throw new AssertionError("a name that is none reaches the routes");
        }
    }
}
