// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import static io.portunus.flow.proxyprotocol.Headers.ascii;
import static io.portunus.flow.proxyprotocol.Headers.binary;
import static io.portunus.flow.proxyprotocol.Headers.concat;
import static io.portunus.flow.proxyprotocol.Headers.hex;
import static io.portunus.flow.proxyprotocol.Headers.missing;
import static io.portunus.flow.proxyprotocol.Headers.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.FilterVerdict;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderInTest {
    private static final byte[] PAYLOAD = ascii("PROXY is what the client says, too\r\n");

    @ParameterizedTest
    @MethodSource("headers")
    void answersOnlyWithTheLastByteHoweverTheHeaderIsCut(byte[] header) {
        FilterVerdict whole = read(header);
        byte[] stream = concat(header, PAYLOAD);

        assertThat(whole).isInstanceOfSatisfying(FilterVerdict.Header.class, declared -> assertThat(declared.length()).isEqualTo(header.length));
        for (int cut = 0; cut < header.length; cut++) {
            assertThat(Headers.feed(stream, cut)).as("up to byte %d", cut).isEqualTo(FilterVerdict.MORE);
            assertThat(Headers.feed(stream, cut, stream.length)).as("cut at byte %d", cut).isEqualTo(whole);
        }
        assertThat(Headers.readByteByByte(stream)).isEqualTo(whole);
    }

    static Stream<byte[]> headers() {
        String four = "c0a80001 c0a8000b dc04 01bb";
        return Stream.concat(Stream.of("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n",
            "PROXY UNKNOWN\r\n", "PROXY UNKNOWN \r \n \n\r\r\n").map(Headers::ascii), Stream.of(binary("2111", four), binary("2121",
            four.repeat(3)), binary("2000", ""),
            binary("2011", four), binary("2100", ""), binary("2100", "ff"), binary("2131", four.repeat(18) + "02 0001 61"),
            binary("2111", four + "04 0003 000000 02 0001 61")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\u0016\u0003\u0001\u0002\0",
    "proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXYTCP4", "PROXY\r\n", "PROXY\tTCP4", "POST / HTTP/1.1\r\n", "\r\n\r\nGET", " PROXY UNKNOWN\r\n", "\0"})
    void reportsThatTheHeaderIsMissing(String bytes) {
        assertThat(read(ascii(bytes))).isEqualTo(missing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0d0a0d0a000d0a515549540a", "50524f585920"})
    void distinguishesASignatureFromOtherBytesAtTheFirstThatDiffers(String signature) {
        byte[] bytes = hex(signature);

        for (int at = 0; at < bytes.length; at++) {
            byte[] other = Arrays.copyOf(bytes, at + 1);
            assertThat(read(other)).isEqualTo(FilterVerdict.MORE);
            other[at] ^= 0x20;
            assertThat(read(other)).as("byte %d", at).isEqualTo(missing());
        }
    }

    @Test
    void asksForMoreAfterNothing() {
        assertThat(Headers.feed(new byte[0], 0)).isEqualTo(FilterVerdict.MORE);
    }

    @Test
    void answersTheSameHoweverDamagedHeadersAreCut() {
        Random random = new Random(20_260_105);
        byte[][] headers = headers().toArray(byte[][]::new);

        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = damage(concat(headers[random.nextInt(headers.length)], PAYLOAD), random);
            FilterVerdict whole = read(bytes);
            refused += Headers.refused(whole) ? 1 : 0;
            assertThat(Headers.feed(bytes, random.nextInt(bytes.length), bytes.length)).isEqualTo(whole);
            assertThat(Headers.readByteByByte(bytes)).isEqualTo(whole);
        }
        assertThat(refused).isBetween(5000, 19_000);
    }

    private static byte[] damage(byte[] bytes, Random random) {
        for (int count = random.nextInt(3); count >= 0; count--) {
            int at = random.nextInt(Math.min(bytes.length, 60));
            bytes[at] = (byte) switch (random.nextInt(4)) {
                case 0 -> random.nextInt(256);
                case 1 -> bytes[at] ^ 1 << random.nextInt(8);
                case 2 -> "\r\n 0:.%A".charAt(random.nextInt(8));
                default -> bytes[random.nextInt(bytes.length)];
            };
        }
        return bytes;
    }
}
