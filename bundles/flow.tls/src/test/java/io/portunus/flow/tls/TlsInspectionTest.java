// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;
import static io.portunus.flow.tls.ClientHelloBuilder.concat;
import static io.portunus.flow.tls.Records.record;
import static io.portunus.flow.tls.Records.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsInspectionTest {
    private static final byte[] MESSAGE = clientHello().name("a.example").message();
    private static final Verdict A_EXAMPLE = new Verdict.Recognised(Prelude.tls("a.example"));

    /** S1. */
    @Test
    void waitsForTheWholeClientHelloAndNoLonger() {
        byte[] bytes = Records.cut(MESSAGE);

        assertThat(verdict(new byte[0])).isEqualTo(Verdict.MORE);
        assertThat(verdict(Arrays.copyOf(bytes, bytes.length - 1))).isEqualTo(Verdict.MORE);
        assertThat(verdict(bytes)).isEqualTo(A_EXAMPLE);
    }

    @Test
    void leavesBytesAfterTheClientHelloAlone() {
        byte[] coalesced = concat(MESSAGE, new byte[] {99, 0, 0, 1, 7});

        assertThat(verdict(concat(Records.cut(MESSAGE), new byte[] {0, 0, 0}))).isEqualTo(A_EXAMPLE);
        assertThat(verdict(concat(Records.cut(MESSAGE), record(23, 0x0303, new byte[50])))).isEqualTo(A_EXAMPLE);
        assertThat(verdict(concat(Records.cut(MESSAGE), new byte[200_000]))).isEqualTo(A_EXAMPLE);
        assertThat(verdict(Records.cut(coalesced))).isEqualTo(A_EXAMPLE);
    }

    @Test
    void leavesPositionAndLimitOfTheBufferAlone() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(1000).put(Records.cut(MESSAGE)).flip().asReadOnlyBuffer();
        int limit = bytes.limit();

        assertThat(new TlsInspection().inspect(bytes)).isEqualTo(A_EXAMPLE);
        assertThat(bytes.position()).isZero();
        assertThat(bytes.limit()).isEqualTo(limit);
    }

    @Test
    void standsByItsVerdict() {
        Inspection inspection = new TlsInspection();
        Verdict first = inspection.inspect(ByteBuffer.wrap(Records.cut(MESSAGE)));

        assertThat(inspection.inspect(ByteBuffer.wrap(Records.cut(MESSAGE)))).isSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x03ff})
    void ignoresTheMinorVersionOfRecords(int version) {
        assertThat(verdict(record(22, version, MESSAGE))).isEqualTo(A_EXAMPLE);
    }

    @Test
    void refusesWithNotTlsAtTheFirstByteThatDiffers() {
        assertThat(verdict("G".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ClientHelloFlaw.NOT_HANDSHAKE.verdict());
        assertThat(verdict(new byte[] {22, 2})).isEqualTo(ClientHelloFlaw.NOT_MAJOR_3.verdict());
        assertThat(verdict(record(23, 0x0303, MESSAGE))).isEqualTo(ClientHelloFlaw.NOT_HANDSHAKE.verdict());
        assertThat(ClientHelloFlaw.NOT_HANDSHAKE.verdict()).isInstanceOfSatisfying(Verdict.No.class,
                no -> assertThat(no.reason()).isEqualTo(CloseReason.NOT_TLS));
    }

    @Test
    void refusesTheClientHelloOfSsl2() {
        byte[] ssl2 = {(byte) 0x80, 0x2e, 1, 3, 1, 0, 21, 0, 0, 0, 16, 1, 0, (byte) 0x80};

        assertThat(verdict(ssl2)).isEqualTo(ClientHelloFlaw.NOT_HANDSHAKE.verdict());
    }

    @Test
    void boundsTheLengthOfRecords() {
        byte[] longMessage = clientHello().extension(21, new byte[20_000]).name("a.example").message();

        assertThat(verdict(new byte[] {22, 3, 1, 0, 0})).isEqualTo(ClientHelloFlaw.EMPTY_RECORD.verdict());
        assertThat(verdict(new byte[] {22, 3, 1, 0x40, 1})).isEqualTo(ClientHelloFlaw.LONG_RECORD.verdict());
        assertThat(verdict(new byte[] {22, 3, 1, 0x40, 0})).isEqualTo(Verdict.MORE);
        assertThat(verdict(Records.cut(longMessage, 1 << 14))).isEqualTo(A_EXAMPLE);
        assertThat(verdict(Records.cut(longMessage, (1 << 14) + 1))).isEqualTo(ClientHelloFlaw.LONG_RECORD.verdict());
    }

    /** S5. */
    @Test
    void takesClientHelloThatFillsOneRecordToTheLastByte() {
        int rest = (1 << 14) - clientHello().name("a.example").extension(21, new byte[0]).message().length;
        byte[] message = clientHello().name("a.example").extension(21, new byte[rest]).message();

        assertThat(message).hasSize(1 << 14);
        assertThat(verdict(Records.cut(message))).isEqualTo(A_EXAMPLE);
        assertThat(Records.byteByByte(Records.cut(message))).isEqualTo(A_EXAMPLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 50})
    void refusesWhateverInterruptsTheClientHello(int cut) {
        byte[] head = record(22, 0x0301, Arrays.copyOf(MESSAGE, cut));
        byte[] tail = record(22, 0x0301, Arrays.copyOfRange(MESSAGE, cut, MESSAGE.length));

        assertThat(verdict(concat(head, record(21, 0x0301, new byte[] {1, 0}), tail))).isEqualTo(ClientHelloFlaw.OTHER_RECORD.verdict());
        assertThat(verdict(concat(head, record(20, 0x0301, new byte[] {1}), tail))).isEqualTo(ClientHelloFlaw.OTHER_RECORD.verdict());
        assertThat(verdict(concat(head, record(22, 0x0301, new byte[0]), tail))).isEqualTo(ClientHelloFlaw.EMPTY_RECORD.verdict());
        assertThat(verdict(concat(head, record(22, 0x0201, new byte[1])))).isEqualTo(ClientHelloFlaw.OTHER_VERSION.verdict());
    }

    @Test
    void refusesOtherHandshakeMessagesAtTheirFirstByte() {
        assertThat(verdict(new byte[] {22, 3, 1, 0, 9, 2})).isEqualTo(ClientHelloFlaw.NOT_A_CLIENT_HELLO.verdict());
    }

    @Test
    void refusesTheEmptyClientHello() {
        assertThat(verdict(record(22, 0x0301, new byte[] {1, 0, 0, 0}))).isEqualTo(ClientHelloFlaw.CUT_SHORT.verdict());
    }

    /** S17. */
    @Test
    void refusesTooLongClientHelloByItsLengthAlone() {
        assertThat(verdict(new byte[] {22, 3, 1, 0x40, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff}))
            .isEqualTo(ClientHelloFlaw.LONG_CLIENT_HELLO.verdict());
        assertThat(verdict(new byte[] {22, 3, 1, 0x40, 0, 1, 0, (byte) 0xff, (byte) 0xf7})).isEqualTo(Verdict.MORE);
        assertThat(verdict(new byte[] {22, 3, 1, 0x40, 0, 1, 0, (byte) 0xff, (byte) 0xf8})).isEqualTo(ClientHelloFlaw.LONG_CLIENT_HELLO.verdict());
    }

    @Test
    void refusesClientHelloThatRecordHeadersMakeTooLong() {
        byte[] message = clientHello().extension(21, new byte[20_000]).name("a.example").message();

        assertThat(verdict(Records.sliced(message, 3))).isEqualTo(A_EXAMPLE);
        assertThat(verdict(Records.sliced(message, 1))).isEqualTo(ClientHelloFlaw.LONG_CLIENT_HELLO.verdict());
        assertThat(Records.byteByByte(Records.sliced(message, 1))).isEqualTo(ClientHelloFlaw.LONG_CLIENT_HELLO.verdict());
    }

    @Test
    void takesTheLongestClientHelloThatFits() {
        int overhead = 4 * RecordReassembler.RECORD_HEADER + clientHello().name("a.example").extension(35, new byte[0]).message().length;
        byte[] fits = clientHello().extension(35, new byte[RecordReassembler.MAX_BYTES - overhead]).name("a.example").records();
        byte[] tooLong = clientHello().extension(35, new byte[RecordReassembler.MAX_BYTES - overhead + 1]).name("a.example").records();

        assertThat(fits).hasSize(RecordReassembler.MAX_BYTES);
        assertThat(verdict(fits)).isEqualTo(A_EXAMPLE);
        assertThat(verdict(tooLong)).isEqualTo(ClientHelloFlaw.LONG_CLIENT_HELLO.verdict());
    }

    @ParameterizedTest
    @MethodSource("io.portunus.flow.api.CloseReason#known")
    void sendsNothingToWhoeverDoesNotSpeakTls(CloseReason reason) {
        Inspection silent = new TlsInspection();
        Inspection http = new TlsInspection();
        http.inspect(ByteBuffer.wrap("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)));

        assertThat(silent.refusal(reason)).isEmpty();
        assertThat(http.refusal(reason)).isEmpty();
    }

    @Test
    void refusesWithAnAlertInTheVersionOfTheClient() {
        assertThat(refusal(record(22, 0x0300, MESSAGE), CloseReason.NO_NAME)).containsExactly(21, 3, 1, 0, 2, 2, 112);
        assertThat(refusal(record(22, 0x0301, MESSAGE), CloseReason.NO_MATCHING_NAME)).containsExactly(21, 3, 1, 0, 2, 2, 112);
        assertThat(refusal(record(22, 0x0302, MESSAGE), CloseReason.NO_MATCHING_NAME)).containsExactly(21, 3, 2, 0, 2, 2, 112);
        assertThat(refusal(record(22, 0x03ff, MESSAGE), CloseReason.NO_MATCHING_NAME)).containsExactly(21, 3, 3, 0, 2, 2, 112);
        assertThat(refusal(record(22, 0x0303, MESSAGE), CloseReason.SOURCE_DENIED)).containsExactly(21, 3, 3, 0, 2, 2, 49);
    }

    @Test
    void refusesWithTheAlertOfTheFlaw() {
        assertThat(refusal(record(22, 0x0301, new byte[] {1, 0, 0, 0}), CloseReason.HELLO_MALFORMED)).endsWith(2, 50);
        assertThat(refusal(new byte[] {22, 3, 1, 0x40, 1}, CloseReason.HELLO_MALFORMED)).endsWith(2, 22);
        assertThat(refusal(clientHello().name("192.0.2").records(), CloseReason.HELLO_MALFORMED)).endsWith(2, 47);
        assertThat(refusal(clientHello().version(0x0002).records(), CloseReason.HELLO_MALFORMED)).endsWith(2, 70);
        assertThat(refusal(new byte[] {22, 3, 3, 0, 9, 2}, CloseReason.HELLO_MALFORMED)).endsWith(2, 10);
    }

    @Test
    void sendsTheLateClientAnAlertThatDoesNotBlameItsClientHello() {
        assertThat(refusal(new byte[] {22, 3, 1, 0, 9}, CloseReason.PEEK_TIMEOUT)).endsWith(2, 80);
        assertThat(refusal(new byte[] {22, 3, 1, 0}, CloseReason.PEEK_TIMEOUT)).isEmpty();
        assertThat(refusal(record(22, 0x0301, MESSAGE), CloseReason.KILLED)).isEmpty();
    }

    @Test
    void offersItselfAsTheInspectorOfTls() {
        TlsInspector inspector = new TlsInspector();

        assertThat(inspector.kind()).isEqualTo("tls");
        assertThat(inspector.begin()).isNotSameAs(inspector.begin());
    }

    private static byte[] refusal(byte[] bytes, CloseReason reason) {
        Inspection inspection = new TlsInspection();
        inspection.inspect(ByteBuffer.wrap(bytes));
        return inspection.refusal(reason);
    }
}
