// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portunus.flow.spi.PreludeSample;
import io.portunus.itest.contracts.Cuts;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the inspection with whole connections. */
class SshInspectionFuzzTest {
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void answersOnceHoweverTheBytesAreCut(byte[] bytes) {
        new Cuts(SshInspection::new).holdTogether(bytes);
    }

    static Stream<byte[]> seeds() {
        return SshSelfCheck.SAMPLES.stream().map(PreludeSample::bytes);
    }
}
