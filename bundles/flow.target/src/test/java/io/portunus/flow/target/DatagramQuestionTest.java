// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Probe;
import io.portunus.model.Probe.Ask;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatagramQuestionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] NOTHING = new byte[0];

    private final SocketQuestioner questioner = new SocketQuestioner(FakeNames::new, Environment.system());
    private final AtomicInteger questions = new AtomicInteger();
    private final DatagramSocket target = open();
    private final int port = target.getLocalPort();

    private static DatagramSocket open() {
        try {
            return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new IllegalStateException("no port", e);
        }
    }

    @AfterEach
    void close() {
        target.close();
    }

    /** Answers by the number of the question and its bytes; nothing for no bytes. */
    private void answers(BiFunction<Integer, byte[], byte[]> answer) {
        Thread.ofPlatform().daemon().start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
            while (!target.isClosed()) {
                try {
                    packet.setLength(1500);
                    target.receive(packet);
                    byte[] bytes = answer.apply(questions.incrementAndGet(), Arrays.copyOf(packet.getData(), packet.getLength()));
                    if (bytes.length > 0) {
                        target.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            }
        });
    }

    private ProbeResult ask(Ask ask, Duration timeout) throws InterruptedException {
        Probe probe = new Probe(ask, timeout, timeout, 1, 1, OptionalInt.empty(), false);
        return questioner.ask(new ProbePlan(probe, "127.0.0.1", port, false, Optional.empty(), Optional.empty()));
    }

    private static Ask datagram(String send, String expect) {
        return new Ask.Datagram(hex(send), hex(expect));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void oneAnswerThatHasWhatIsExpectedIsEnough() throws InterruptedException {
        answers((number, bytes) -> ("<" + new String(bytes, StandardCharsets.UTF_8) + ">").getBytes(StandardCharsets.UTF_8));

        assertThat(ask(datagram("ping", "ing>"), PATIENCE)).isEqualTo(ProbeResult.GOOD);
        assertThat(ask(datagram("ping", ""), PATIENCE)).isEqualTo(ProbeResult.GOOD);
        assertThat(questions).hasValue(2);
        assertThat(ask(datagram("ping", "pong"), Duration.ofMillis(600))).isEqualTo(ProbeResult.ANSWER);
    }

    /** One may be lost; two, as well. */
    @Test
    void aQuestionThatIsLostIsAskedAgain() throws InterruptedException {
        answers((number, bytes) -> number < DatagramQuestion.TIMES ? NOTHING : bytes);

        assertThat(ask(datagram("ping", "ping"), Duration.ofSeconds(3))).isEqualTo(ProbeResult.GOOD);
        assertThat(questions).hasValue(DatagramQuestion.TIMES);
    }

    @Test
    void whoDoesNotAnswerAndWhoIsNotThereAreToldApart() throws InterruptedException {
        answers((number, bytes) -> NOTHING);
        assertThat(ask(datagram("ping", ""), Duration.ofMillis(300))).isEqualTo(ProbeResult.TIMEOUT);
        target.close();

        assertThat(ask(datagram("ping", ""), PATIENCE)).isEqualTo(ProbeResult.REFUSED);
    }

    @Test
    void aServerOfNamesIsAskedForAName() throws InterruptedException {
        byte[] asked = HexFormat.of().parseHex("01000001000000000000" + "03777777" + "076578616d706c65" + "00" + "0001" + "0001");
        answers((number, bytes) -> {
            assertThat(Arrays.copyOfRange(bytes, 2, bytes.length)).isEqualTo(asked);
            bytes[2] = (byte) (bytes[2] | 0x80);
            // No error, no such name, no service, refused, an answer to another question, and half of one.
            bytes[3] = (byte) switch (number) {
                case 2 -> 3;
                case 3, 4, 5 -> 2;
                default -> 0;
            };
            bytes[0] = (byte) (number > 5 ? ~bytes[0] : bytes[0]);
            return bytes;
        });

        assertThat(ask(new Ask.Dns("www.example"), PATIENCE)).isEqualTo(ProbeResult.GOOD);
        assertThat(ask(new Ask.Dns("www.example"), PATIENCE)).isEqualTo(ProbeResult.GOOD);
        assertThat(ask(new Ask.Dns("www.example."), Duration.ofMillis(600))).isEqualTo(ProbeResult.ANSWER);
        assertThat(ask(new Ask.Dns("www.example"), Duration.ofMillis(600))).isEqualTo(ProbeResult.ANSWER);
    }
}
