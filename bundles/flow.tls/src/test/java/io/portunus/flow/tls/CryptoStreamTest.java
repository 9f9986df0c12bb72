// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CryptoStreamTest {
    private static final byte[] MESSAGE = clientHello().name("a.example").alpn("h3").extension(57, new byte[500]).message();

    /** A piece of the message. */
    private record Piece(int from, int to) {
        Optional<HelloFlaw> give(CryptoStream stream) {
            return stream.add(from, new Octets(MESSAGE, from, to));
        }
    }

    private static List<Piece> pieces(Random random) {
        List<Piece> pieces = new ArrayList<>();
        for (int from = 0; from < MESSAGE.length;) {
            int to = Math.min(MESSAGE.length, from + random.nextInt(90));
            pieces.add(new Piece(from, to));
            // Overlapping with what is behind it, now and then, or the same again.
            pieces.add(new Piece(Math.max(0, from - random.nextInt(30)), random.nextBoolean() ? to : from));
            from = to;
        }
        Collections.shuffle(pieces, random);
        return pieces;
    }

    /** Metamorphic: whatever pieces come in whatever order, how often and however overlapping. */
    @Test
    void joinsPiecesInEveryOrder() {
        for (int seed = 0; seed < 2_000; seed++) {
            CryptoStream stream = new CryptoStream();
            for (Piece piece : pieces(new Random(seed))) {
                assertThat(piece.give(stream)).isEmpty();
            }
            assertThat(stream.clientHello().orElseThrow().copy()).isEqualTo(Arrays.copyOfRange(MESSAGE, 4, MESSAGE.length));
        }
    }

    @Test
    void waitsForTheLastByte() {
        for (int missing = 0; missing < MESSAGE.length; missing++) {
            CryptoStream stream = new CryptoStream();
            new Piece(missing + 1, MESSAGE.length).give(stream);
            new Piece(0, missing).give(stream);

            assertThat(stream.clientHello()).isEmpty();
            new Piece(missing, missing + 1).give(stream);
            assertThat(stream.clientHello()).isPresent();
        }
    }

    @Test
    void refusesAByteThatIsAnotherOne() {
        for (int at = 4; at < MESSAGE.length; at++) {
            byte[] other = MESSAGE.clone();
            other[at]++;
            CryptoStream stream = new CryptoStream();
            new Piece(0, MESSAGE.length).give(stream);

            assertThat(stream.add(at, new Octets(other, at, MESSAGE.length))).contains(QuicFlaw.BYTES_DIFFER);
        }
    }

    @Test
    void refusesWhatIsTooLongByItsLengthOrItsPlace() {
        byte[] longest = {1, 0, 0x3f, (byte) 0xfc};
        byte[] longer = {1, 0, 0x3f, (byte) 0xfd};

        assertThat(new CryptoStream().add(0, new Octets(longest, 0, 4))).isEmpty();
        assertThat(new CryptoStream().add(0, new Octets(longer, 0, 4))).contains(QuicFlaw.LONG_HELLO);
        assertThat(new CryptoStream().add(CryptoStream.MAX_BYTES - 4, new Octets(longest, 0, 4))).isEmpty();
        assertThat(new CryptoStream().add(CryptoStream.MAX_BYTES - 3, new Octets(longest, 0, 4))).contains(QuicFlaw.LONG_HELLO);
        assertThat(new CryptoStream().add((1L << 62) - 1, new Octets(longest, 0, 4))).contains(QuicFlaw.LONG_HELLO);
    }

    @Test
    void refusesOtherMessagesAtTheirFirstByte() {
        assertThat(new CryptoStream().add(0, new Octets(new byte[] {2}, 0, 1))).contains(ClientHelloFlaw.NOT_A_CLIENT_HELLO);
    }
}
