// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;
import static io.portunus.itest.contracts.Initials.crypto;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.Datagrams;
import io.portunus.itest.contracts.Initials;
import io.portunus.itest.contracts.Initials.Version;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client that is let in nowhere reads. */
class QuicRefusalTest {
    private static final byte[] MESSAGE = QuicInspectionTest.MESSAGE;
    private static final int UNRECOGNIZED_NAME = 0x100 + 112;

    private static DatagramInspection fed(byte[]... datagrams) {
        DatagramInspection inspection = new QuicInspection();
        Datagrams.feed(inspection, List.of(datagrams));
        return inspection;
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aNameThatNobodyHasIsRefusedWithTheAlertOfIt(Version version) {
        Initials client = Initials.of(version);
        DatagramInspection inspection = fed(client.hello(MESSAGE).toArray(byte[][]::new));

        byte[] answer = inspection.refusal(CloseReason.NO_MATCHING_NAME);

        assertThat(client.refusal(answer)).hasValue(UNRECOGNIZED_NAME);
        assertThat(answer).hasSizeLessThanOrEqualTo(ConnectionClose.MAX_BYTES);
        assertThat(client.refusal(inspection.refusal(CloseReason.NO_NAME))).hasValue(UNRECOGNIZED_NAME);
        assertThat(client.refusal(inspection.refusal(CloseReason.SOURCE_DENIED))).hasValue(0x100 + 49);
        assertThat(client.refusal(inspection.refusal(CloseReason.PEEK_TIMEOUT))).hasValue(0x100 + 80);
        assertThat(inspection.refusal(CloseReason.KILLED)).isEmpty();
    }

    /** A client reads it with the keys of the id that it used last. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aClientThatWasAskedToTryAgainCanReadIt(Version version) {
        Initials client = Initials.of(version);
        Initials again = client.retried(new byte[20], new byte[] {1, 2});
        DatagramInspection inspection = fed(client.datagram(crypto(MESSAGE, 0, 9)), again.hello(MESSAGE).getFirst());

        byte[] answer = inspection.refusal(CloseReason.NO_MATCHING_NAME);

        assertThat(again.refusal(answer)).hasValue(UNRECOGNIZED_NAME);
        assertThat(client.refusal(answer)).isEmpty();
    }

    /** Its address may be somebody else's. */
    @Test
    void whoHasProvenNothingIsNotAnswered() {
        byte[] changed = Initials.of(Version.V1).hello(MESSAGE).getFirst();
        changed[700]++;

        for (CloseReason reason : CloseReason.known()) {
            assertThat(fed().refusal(reason)).isEmpty();
            assertThat(fed(new byte[20]).refusal(reason)).isEmpty();
            assertThat(fed(changed).refusal(reason)).isEmpty();
            assertThat(fed(Initials.of(Version.V1).zeroRtt(1300)).refusal(reason)).isEmpty();
        }
    }

    @Test
    void whoLeftIsNotAnswered() {
        DatagramInspection inspection = new QuicInspection();
        Verdict left = Datagrams.feed(inspection, List.of(Initials.of(Version.V1).datagram(new byte[] {0x1c, 0, 0, 0})));

        assertThat(left).isInstanceOfSatisfying(Verdict.No.class, no -> assertThat(inspection.refusal(no.reason())).isEmpty());
    }

    /** A type that must not be there, a frame that ends too early, and what is too long. */
    @ParameterizedTest
    @CsvSource({"0x0a, 8", "0x07, 6", "0x0d, 0"})
    void whatIsWrongWithPacketsIsAnErrorOfTheTransport(int error, int type) {
        Initials client = Initials.of(Version.V1);
        byte[] frame = type == 0 ? crypto(1 << 20, new byte[1]) : new byte[] {(byte) type};
        byte[] packet = type == 6 ? client.packet(0, Initials.concat(new byte[Initials.LEAST_BYTES], frame)) : client.datagram(frame);

        assertThat(client.refusal(fed(packet).refusal(CloseReason.HELLO_MALFORMED))).hasValue(error);
    }

    @Test
    void whatIsWrongWithTheHelloIsItsAlert() {
        Initials client = Initials.of(Version.V2);
        DatagramInspection inspection = fed(client.hello(clientHello().extension(0, new byte[1]).message()).getFirst());

        assertThat(client.refusal(inspection.refusal(CloseReason.HELLO_MALFORMED)))
            .hasValue(ClientHelloFlaw.NAME_LIST.connectionError());
    }
}
