// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.Cuts;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshInspectionTest {
    private static final Cuts CUTS = new Cuts(SshInspection::new);
    private static final Verdict SSH = new Verdict.Recognised(Prelude.of("ssh"));

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_9.9", "SSH-2.0-PuTTY_Release_0.81", "SSH-2.0-Go", "SSH-2.0--dash", "SSH-2.0-x with comments",
        "SSH-1.5-old", "SSH-2.0-JSCH_0.2", "SSH-2.0-\u00fc"})
    void knowsWhatClientsSend(String line) {
        Verdict expected = line.endsWith("\u00fc") ? SshFlaw.BYTE.verdict() : SSH;

        assertThat(CUTS.verdict(line + "\r\n")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'G', 1", "'SSG', 3", "'SSH_', 4", "'ssh-2.0-x', 1", "'\u0016\u0003', 1", "'\u0000', 1", "'SSH-x', 5", "'SSH--', 5",
        "'SSH-2.0\r\n', 9", "'SSH-2.0-\r\n', 10", "'SSH-2.0-a\rb', 11", "'SSH-2.0-a\u0000', 10"})
    void refusesAtTheFirstByteThatProvesIt(String text, int bytes) {
        assertThat(CUTS.decidedAfter(text)).isEqualTo(bytes);
        assertThat(CUTS.verdict(text)).isInstanceOf(Verdict.No.class);
    }

    @Test
    void boundsTheLine() {
        String software = "SSH-2.0-" + "x".repeat(SshInspection.MAX_LINE - 10);

        assertThat(CUTS.verdict(software + "\r\n")).isEqualTo(SSH);
        assertThat(CUTS.verdict(software + "x\n")).isEqualTo(SSH);
        assertThat(CUTS.verdict(software + "x\r\n")).isEqualTo(SshFlaw.LONG.verdict());
        assertThat(CUTS.verdict(software + "xx")).isEqualTo(SshFlaw.LONG.verdict());
        assertThat(CUTS.verdict("SSH-" + "2".repeat(300))).isEqualTo(SshFlaw.LONG.verdict());
    }

    @Test
    void waitsForTheEndOfTheLineAndNoLonger() {
        assertThat(CUTS.verdict("")).isEqualTo(Verdict.MORE);
        assertThat(CUTS.verdict("SSH-2.0-x\r")).isEqualTo(Verdict.MORE);
        assertThat(CUTS.verdict("SSH-2.0-x\r\n\0\0\1")).isEqualTo(SSH);
    }

    @ParameterizedTest
    @MethodSource("io.portunus.flow.api.CloseReason#known")
    void hasNoWordForARefusal(CloseReason reason) {
        Inspection inspection = new SshInspection();
        inspection.inspect(ByteBuffer.wrap(SshSelfCheck.SAMPLES.getFirst().bytes()));

        assertThat(inspection.refusal(reason)).isEmpty();
    }
}
