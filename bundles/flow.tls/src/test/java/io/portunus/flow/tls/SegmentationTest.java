// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metamorphic: however one ClientHello is cut, the answer is the same. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SegmentationTest {
    private static final byte[] MESSAGE = clientHello().sessionId(2).extension(0x0a0a, new byte[3]).name("a.example").alpn("h2").message();
    private static final Verdict ANSWER = new Verdict.Recognised(new Prelude("tls", Optional.of("a.example"), List.of("h2"), false));

    /** S1. */
    @Test
    void answersTheSameForEveryTwoSegmentCutsOfEveryRecordCut() {
        for (int cut = 0; cut < MESSAGE.length; cut++) {
            byte[] bytes = cut == 0 ? Records.cut(MESSAGE) : Records.cut(MESSAGE, cut);
            for (int first = 0; first < bytes.length; first++) {
                for (int second = first; second < bytes.length; second++) {
                    expect(ANSWER, Records.verdict(bytes, first, second, bytes.length), cut, first, second);
                }
            }
        }
    }

    /** S4. */
    @Test
    void answersTheSameForEveryTwoRecordCutsByteByByte() {
        for (int first = 1; first < MESSAGE.length; first++) {
            for (int second = first + 1; second < MESSAGE.length; second++) {
                byte[] bytes = Records.cut(MESSAGE, first, second);
                expect(ANSWER, Records.byteByByte(bytes), first, second);
                expect(ANSWER, Records.verdict(bytes), first, second);
            }
        }
    }

    @Test
    void answersTheSameForRecordsOfEverySize() {
        for (int size = 1; size <= MESSAGE.length; size++) {
            byte[] bytes = Records.sliced(MESSAGE, size);
            expect(ANSWER, Records.byteByByte(bytes), size);
            expect(ANSWER, Records.verdict(bytes), size);
        }
    }

    @ParameterizedTest
    @MethodSource
    void refusesTheSameForEverySegmentCutOfEveryRecordCut(byte[] message) {
        Verdict answer = Records.verdict(Records.cut(message));
        assertThat(answer).isInstanceOf(Verdict.No.class);
        for (int cut = 1; cut < message.length; cut++) {
            byte[] bytes = Records.cut(message, cut);
            expect(answer, Records.byteByByte(bytes), cut);
            for (int first = 0; first < bytes.length; first++) {
                expect(answer, Records.verdict(bytes, first, bytes.length), cut, first);
            }
        }
    }

    static Stream<byte[]> refusesTheSameForEverySegmentCutOfEveryRecordCut() {
        return Stream.of(clientHello().name("a.example").name("b.example").message(), clientHello().name("192.0.2").message(),
                clientHello().name("a.example").trailer(3).message(), clientHello().sessionId(40).name("a.example").message(),
                clientHello().extension(0, new byte[0]).message(), clientHello().extension(16, new byte[] {0}).name("a.example").message());
    }

    @Test
    void looksAtEachByteOnce() {
        byte[] oneByteRecords = Records.sliced(clientHello().extension(21, new byte[10_000]).name("a.example").message(), 1);
        byte[] longest = clientHello().extension(35, new byte[65_000]).name("a.example").records();

        long began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(Records.byteByByte(oneByteRecords)).isInstanceOf(Verdict.Recognised.class);
            assertThat(Records.byteByByte(longest)).isInstanceOf(Verdict.Recognised.class);
        }

        // Two and a half million calls; looking at everything again each time would be some 10^11 steps.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void readsManySmallExtensionsInOneStepEach() {
        ClientHelloBuilder clientHello = clientHello();
        for (int type = 100; type < 15_000; type++) {
            clientHello.extension(type, new byte[0]);
        }
        byte[] bytes = clientHello.name("a.example").records();

        long began = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(Records.verdict(bytes)).isInstanceOf(Verdict.Recognised.class);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    private static void expect(Verdict wanted, Verdict seen, int... cuts) {
        if (!wanted.equals(seen)) {
            assertThat(seen).as("cuts at %s", Arrays.toString(cuts)).isEqualTo(wanted);
        }
    }
}
