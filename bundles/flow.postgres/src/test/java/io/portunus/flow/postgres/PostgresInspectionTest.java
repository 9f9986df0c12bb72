// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

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

class PostgresInspectionTest {
    private static final Cuts CUTS = new Cuts(PostgresInspection::new);
    private static final Verdict POSTGRES = new Verdict.Recognised(Prelude.of("postgres"));
    private static final String STARTUP = "0000001e00030000";
    private static final String TLS = "0000000804d2162f";
    private static final String GSS = "0000000804d21630";
    private static final String CANCEL = "0000001004d2162e0000002a01020304";

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    @Test
    void knowsEachPacketByItsFirstEightBytes() {
        assertThat(CUTS.decidedAfter(text(STARTUP + "7573"))).isEqualTo(8);
        assertThat(CUTS.decidedAfter(text(TLS))).isEqualTo(8);
        assertThat(CUTS.decidedAfter(text(GSS))).isEqualTo(8);
        assertThat(CUTS.decidedAfter(text(CANCEL))).isEqualTo(8);
        assertThat(CUTS.verdict(text("0000271000030000"))).isEqualTo(POSTGRES);
        assertThat(CUTS.verdict(text("0000000800030000"))).isEqualTo(POSTGRES);
        assertThat(CUTS.verdict("")).isEqualTo(Verdict.MORE);
    }

    @ParameterizedTest(name = "{0} is none after {1} bytes")
    @CsvSource({"47455420, 1", "160301, 1", "0300002c, 1", "0001, 2", "ff, 1", "00ff, 2", "000028, 3", "00002711, 4", "00000007, 4", "00000000, 4",
        "0000000801, 5", "0000000802, 5", "000000080004, 6", "000000080002, 6", "00000008000000, 6", "0000000804d3, 6",
        "0000000804d21631, 8", "0000000804d20000, 8"})
    void refusesAtTheFirstByteThatProvesIt(String hex, int bytes) {
        assertThat(CUTS.decidedAfter(text(hex))).isEqualTo(bytes);
        assertThat(CUTS.verdict(text(hex))).isInstanceOfSatisfying(Verdict.No.class,
            no -> assertThat(no.reason()).isEqualTo(CloseReason.NOT_RECOGNISED));
    }

    @ParameterizedTest
    @CsvSource({"0000000904d2162f, false", "0000000904d21630, false", "0000000f04d2162e, false", "0000001004d2162e, true",
        "0000010c04d2162e, true", "0000010d04d2162e, false"})
    void requestsHaveTheirLength(String hex, boolean good) {
        assertThat(CUTS.verdict(text(hex))).isEqualTo(good ? POSTGRES : PostgresFlaw.LENGTH.verdict());
    }

    @Test
    void refusesWithAnErrorResponse() {
        byte[] word = refusal(STARTUP, CloseReason.SOURCE_DENIED);
        ByteBuffer message = ByteBuffer.wrap(word);

        assertThat(message.get()).isEqualTo((byte) 'E');
        assertThat(message.getInt()).isEqualTo(word.length - 1);
        assertThat(new String(word, StandardCharsets.US_ASCII)).contains("\0VFATAL\0C28000\0Mconnections").endsWith("\0\0");
        assertThat(new String(refusal(STARTUP, CloseReason.NOT_RECOGNISED), StandardCharsets.US_ASCII)).contains("C08004\0");
        assertThat(new String(refusal("0000000904d2162f", CloseReason.HELLO_MALFORMED), StandardCharsets.US_ASCII)).contains("C08P01\0");
    }

    @Test
    void neverSendsAClientThatAskedForTlsOnInClearText() {
        assertThat(refusal(TLS, CloseReason.SOURCE_DENIED)).startsWith('E').isNotEqualTo(new byte[] {'N'});
        assertThat(refusal(GSS, CloseReason.SOURCE_DENIED)).startsWith('E');
    }

    @Test
    void sendsNothingToWhoeverCancelsAndWhoeverIsNotKnownYet() {
        assertThat(refusal(CANCEL, CloseReason.SOURCE_DENIED)).isEmpty();
        assertThat(refusal("00000008", CloseReason.PEEK_TIMEOUT)).isEmpty();
        assertThat(refusal("160301", CloseReason.NOT_RECOGNISED)).isEmpty();
        assertThat(refusal(STARTUP, CloseReason.KILLED)).isEmpty();
    }

    private static byte[] refusal(String hex, CloseReason reason) {
        Inspection inspection = new PostgresInspection();
        inspection.inspect(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
        return inspection.refusal(reason);
    }
}
