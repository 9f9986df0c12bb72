// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.Cuts;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RdpInspectionTest {
    private static final Cuts CUTS = new Cuts(RdpInspection::new);
    private static final Verdict RDP = new Verdict.Recognised(Prelude.of("rdp"));
    private static final String NEGOTIATION = "0100080003000000";

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    /** A request with something in it, and the lengths that belong to it. */
    private static String request(String inside) {
        int length = 11 + inside.length();
        return text("0300") + (char) (length >> 8) + (char) (length & 0xff) + (char) (length - 5) + text("e00000000000") + inside;
    }

    @Test
    void knowsCookiesTokensAndNegotiations() {
        assertThat(CUTS.verdict(request(""))).isEqualTo(RDP);
        assertThat(CUTS.verdict(request(text(NEGOTIATION)))).isEqualTo(RDP);
        assertThat(CUTS.verdict(request("Cookie: mstshash=a\r\n"))).isEqualTo(RDP);
        assertThat(CUTS.verdict(request("Cookie: msts=3640205228.15629.0000\r\n" + text(NEGOTIATION)))).isEqualTo(RDP);
        assertThat(CUTS.verdict(request("Cookie: mstshash=\u00fc\r\n" + text(NEGOTIATION) + "more"))).isEqualTo(RdpFlaw.FORM.verdict());
    }

    @Test
    void waitsForTheWholeRequestAndNoLonger() {
        String request = request("Cookie: mstshash=a\r\n" + text(NEGOTIATION));

        assertThat(CUTS.decidedAfter(request)).isEqualTo(request.length());
        assertThat(CUTS.verdict(request + "more")).isEqualTo(RDP);
        assertThat(CUTS.verdict("")).isEqualTo(Verdict.MORE);
    }

    @Test
    void boundsTheRequest() {
        String longest = request("x".repeat(RdpInspection.MAX_LENGTH - 13) + "\r\n");

        assertThat(longest).hasSize(RdpInspection.MAX_LENGTH);
        assertThat(CUTS.verdict(longest)).isEqualTo(RDP);
        assertThat(CUTS.decidedAfter(request("x".repeat(RdpInspection.MAX_LENGTH - 12) + "\r\n"))).isEqualTo(4);
    }

    @ParameterizedTest(name = "{0} is none after {1} bytes")
    @CsvSource({"47, 1", "16, 1", "00, 1", "0301, 2", "030002, 3", "0300000a, 4", "0300000b07, 5", "0300000b06d0, 6", "0300000b06e001, 7",
        "0300000b06e00000000001, 11", "0300001306e0, 5", "0300000c07e00000000000c0, 12", "0300000c07e0000000000002, 12"})
    void refusesAtTheFirstByteThatProvesIt(String hex, int bytes) {
        assertThat(CUTS.decidedAfter(text(hex))).isEqualTo(bytes);
        assertThat(CUTS.verdict(text(hex))).isInstanceOfSatisfying(Verdict.No.class,
            no -> assertThat(no.reason()).isEqualTo(CloseReason.NOT_RECOGNISED));
    }

    @ParameterizedTest
    @MethodSource("io.portunus.flow.api.CloseReason#known")
    void hasNoWordForARefusal(CloseReason reason) {
        Inspection inspection = new RdpInspection();
        inspection.inspect(ByteBuffer.wrap(RdpSelfCheck.SAMPLES.getFirst().bytes()));

        assertThat(inspection.refusal(reason)).isEmpty();
    }
}
