// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;
import static io.portunus.itest.contracts.Initials.crypto;
import static io.portunus.itest.contracts.Initials.varint;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.Datagrams;
import io.portunus.itest.contracts.Initials;
import io.portunus.itest.contracts.Initials.Version;
import io.portunus.model.Prelude;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of the datagrams of clients, in whatever form and order they come. */
class QuicInspectionTest {
    static final byte[] MESSAGE = clientHello().name("a.example").alpn("h3").extension(57, new byte[100]).message();
    /** Takes three datagrams. */
    static final byte[] LONG_MESSAGE = clientHello().name("a.example").alpn("h3").extension(51, new byte[2500]).message();

    private static final Verdict RECOGNISED = new Verdict.Recognised(new Prelude(Prelude.QUIC, Optional.of("a.example"), List.of("h3"), false));
    private static final byte[] ACK = {2, 5, 1, 1, 1, 0, 2};
    private static final byte[] ACK_WITH_ECN = {3, 5, 1, 0, 1, 1, 1, 1};

    static Verdict verdict(byte[]... datagrams) {
        return verdict(List.of(datagrams));
    }

    private static Verdict verdict(List<byte[]> datagrams) {
        return new Datagrams(QuicInspection::new).verdict(datagrams);
    }

    /** What a real client sent; aioquic wrote it. */
    private static byte[] recorded(String name) throws IOException {
        try (InputStream in = QuicInspectionTest.class.getResourceAsStream("quic/" + name + ".bin")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static List<List<byte[]>> orders(List<byte[]> datagrams) {
        if (datagrams.size() < 2) {
            return List.of(datagrams);
        }
        List<List<byte[]>> all = new ArrayList<>();
        for (byte[] first : datagrams) {
            List<byte[]> others = datagrams.stream().filter(other -> other != first).toList();
            orders(others).forEach(order -> {
                List<byte[]> one = new ArrayList<>(order);
                one.addFirst(first);
                all.add(one);
            });
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1-1", "v2-1", "large-1,large-2", "retry-1", "retry-2", "early-1,early-2,early-3"})
    void recordedClientsAreReadInEveryOrder(String names) throws IOException {
        List<byte[]> datagrams = new ArrayList<>();
        for (String name : names.split(",")) {
            datagrams.add(recorded(name));
        }
        String host = names.substring(0, names.indexOf('-')) + ".example.org";

        for (List<byte[]> order : orders(datagrams)) {
            assertThat(verdict(order)).isInstanceOfSatisfying(Verdict.Recognised.class,
                match -> assertThat(match.prelude().serverName()).contains(host));
        }
    }

    /** Q2, Q3: cut into pieces of any length. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aHelloIsReadHoweverManyDatagramsItTakes(Version version) {
        for (int piece : new int[] {50, 300, 600, Initials.PIECE}) {
            List<byte[]> datagrams = new ArrayList<>(Initials.of(version).hello(piece < 300 ? MESSAGE : LONG_MESSAGE, piece));
            for (int seed = 0; seed < 5; seed++) {
                assertThat(verdict(datagrams)).as("pieces of %s, order %s", piece, seed).isEqualTo(RECOGNISED);
                assertThat(verdict(datagrams.subList(0, datagrams.size() - 1))).isEqualTo(Verdict.MORE);
                Collections.shuffle(datagrams, new Random(seed));
            }
        }
    }

    @Test
    void threeDatagramsAreReadInEachOfTheirOrders() {
        List<List<byte[]>> orders = orders(Initials.of(Version.V1).hello(LONG_MESSAGE));

        assertThat(orders).hasSize(6).allSatisfy(order -> assertThat(verdict(order)).isEqualTo(RECOGNISED));
    }

    /** Q2, Q3: pieces of any length in any order, empty ones, some twice, and other frames between them: as browsers send it. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aHelloThatIsScrambledIsRead(Version version) {
        Initials client = Initials.of(version);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<byte[]> frames = scrambled(random);
            int half = random.nextInt(frames.size());
            byte[] first = client.datagram(0, Initials.LEAST_BYTES, frames.subList(0, half).toArray(byte[][]::new));
            byte[] second = client.datagram(1, Initials.LEAST_BYTES, frames.subList(half, frames.size()).toArray(byte[][]::new));

            assertThat(verdict(second, second, first)).as("seed %s", seed).isEqualTo(RECOGNISED);
        }
    }

    private static List<byte[]> scrambled(Random random) {
        List<byte[]> frames = new ArrayList<>(List.of(new byte[1], new byte[7], new byte[] {1}, ACK, ACK_WITH_ECN));
        for (int from = 0; from < MESSAGE.length;) {
            int to = Math.min(MESSAGE.length, from + random.nextInt(40));
            frames.add(crypto(MESSAGE, Math.max(0, from - random.nextInt(4)), to));
            from = to;
        }
        Collections.shuffle(frames, random);
        return frames;
    }

    @Test
    void packetsOfOneDatagramAreAllRead() {
        Initials client = Initials.of(Version.V1);
        byte[] late = client.packet(0, crypto(MESSAGE, 40, MESSAGE.length));
        byte[] early = client.packet(1, crypto(MESSAGE, 0, 40));
        byte[] stranger = Initials.of(Version.V1, 1).packet(0, new byte[] {8, 8, 8, 8});
        byte[] zeroRtt = client.zeroRtt(Initials.LEAST_BYTES);

        assertThat(verdict(Initials.concat(late, early, zeroRtt))).isEqualTo(RECOGNISED);
        assertThat(verdict(Initials.concat(zeroRtt, late, stranger, early))).isEqualTo(RECOGNISED);
        assertThat(verdict(Initials.concat(late, early, new byte[Initials.LEAST_BYTES]))).isEqualTo(RECOGNISED);
        assertThat(verdict(Initials.concat(late, new byte[Initials.LEAST_BYTES], early))).isEqualTo(Verdict.MORE);
    }

    @Test
    void noMorePacketsOfADatagramAreReadThanItsBound() {
        Initials client = Initials.of(Version.V1);
        byte[] ping = client.packet(0, new byte[] {1, 0, 0, 0});
        byte[] hello = client.packet(1, crypto(MESSAGE, 0, MESSAGE.length));
        byte[] rest = client.zeroRtt(Initials.LEAST_BYTES);
        byte[] last = Initials.concat(Initials.concat(Collections.nCopies(QuicInspection.MAX_PACKETS - 1, ping).toArray(byte[][]::new)), hello, rest);
        byte[] tooLate = Initials.concat(Initials.concat(Collections.nCopies(QuicInspection.MAX_PACKETS, ping).toArray(byte[][]::new)), hello, rest);

        assertThat(verdict(last)).isEqualTo(RECOGNISED);
        assertThat(verdict(tooLate)).isEqualTo(Verdict.MORE);
    }

    /** RFC 9000 §17.2.5: it begins anew, with the id and the token that the server has chosen. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aClientThatWasAskedToTryAgainIsRead(Version version) {
        Initials client = Initials.of(version);
        Initials again = client.retried(new byte[] {9, 9, 9}, new byte[90]);
        byte[] half = client.datagram(crypto(MESSAGE, 0, 100));

        assertThat(verdict(half, again.datagram(crypto(MESSAGE, 0, MESSAGE.length)))).isEqualTo(RECOGNISED);
        assertThat(verdict(half, again.datagram(crypto(MESSAGE, 100, MESSAGE.length)))).isEqualTo(Verdict.MORE);
    }

    @Test
    void asManyIdsAreFollowedAsItsBound() {
        List<byte[]> datagrams = new ArrayList<>();
        for (int seed = 0; seed < QuicInspection.MAX_FLIGHTS; seed++) {
            datagrams.add(Initials.of(Version.V1, seed).datagram(crypto(MESSAGE, 0, 100)));
        }
        datagrams.add(Initials.of(Version.V1, 99).datagram(crypto(MESSAGE, 0, MESSAGE.length)));
        assertThat(verdict(datagrams)).isEqualTo(Verdict.MORE);

        datagrams.add(Initials.of(Version.V1, QuicInspection.MAX_FLIGHTS - 1).datagram(crypto(MESSAGE, 100, MESSAGE.length)));
        assertThat(verdict(datagrams)).isEqualTo(RECOGNISED);
    }

    /** One byte at the end of what may be takes as much as all of it, which is still what a connection may have kept. */
    @Test
    void keepsWhatItsFlightsMayHaveAtMost() {
        DatagramInspection inspection = new QuicInspection();
        for (int seed = 0; seed < 2 * QuicInspection.MAX_FLIGHTS; seed++) {
            byte[] last = Initials.of(Version.V1, seed).datagram(crypto(CryptoStream.MAX_BYTES - 1, new byte[1]));
            assertThat(Datagrams.feed(inspection, List.of(last))).isEqualTo(Verdict.MORE);
        }

        assertThat(inspection.kept()).isBetween(Inspection.MAX_BYTES / 2, Inspection.MAX_BYTES + Inspection.MAX_BYTES / 8);
    }

    @Test
    void aHelloWithoutANameAndOneWithEncryptedHelloAreRead() {
        byte[] nameless = clientHello().alpn("h3", "hq").extension(0xfe0d, new byte[9]).message();

        assertThat(verdict(Initials.of(Version.V2).hello(nameless))).isEqualTo(
            new Verdict.Recognised(new Prelude(Prelude.QUIC, Optional.empty(), List.of("h3", "hq"), true)));
    }

    /** Nothing, a short header, DNS, negotiation, another version, types that no client begins with, a long id, a cut packet. */
    @ParameterizedTest
    @ValueSource(strings = {"", "00", "40", "41000000010801020304050607080000", "0badc0de01000001000000000000", "c000000000088394c8f03e51570800",
        "c0ff00001d088394c8f03e5157080000", "e000000001088394c8f03e5157080000", "f000000001088394c8f03e5157080000",
        "c00000000115010101010101010101010101010101010101010101000000", "c000000001088394c8f03e515708000044"})
    void whatBeginsWithNoInitialPacketIsNoQuic(String hex) {
        byte[] start = HexFormat.of().parseHex(hex);

        assertThat(verdict(start)).isEqualTo(QuicFlaw.NOT_QUIC.verdict());
        if (!hex.startsWith("c000000001088")) {
            assertThat(verdict(Arrays.copyOf(start, Initials.LEAST_BYTES))).isEqualTo(QuicFlaw.NOT_QUIC.verdict());
        }
    }

    @Test
    void anInitialPacketInAShortDatagramIsNoneAsToAServer() {
        Initials client = Initials.of(Version.V1);
        byte[] whole = crypto(MESSAGE, 0, MESSAGE.length);

        assertThat(verdict(client.datagram(0, Initials.LEAST_BYTES - 1, whole))).isEqualTo(QuicFlaw.SHORT_DATAGRAM.verdict());
        assertThat(verdict(client.datagram(0, Initials.LEAST_BYTES, whole))).isEqualTo(RECOGNISED);
        assertThat(verdict(client.zeroRtt(20), client.datagram(whole))).isEqualTo(RECOGNISED);
    }

    @Test
    void noiseBetweenThePacketsOfAClientIsPassedOver() {
        Initials client = Initials.of(Version.V1);
        byte[] first = client.datagram(crypto(MESSAGE, 0, 90));
        byte[] changed = first.clone();
        changed[600]++;

        assertThat(verdict(changed, first, new byte[0], new byte[] {64}, client.packet(4, new byte[9]), changed,
            client.datagram(crypto(MESSAGE, 90, MESSAGE.length)))).isEqualTo(RECOGNISED);
    }

    @Test
    void aHelloThatTakesTooManyDatagramsIsRefused() {
        byte[][] halves = Collections.nCopies(DatagramInspection.MAX_DATAGRAMS, Initials.of(Version.V1).datagram(crypto(MESSAGE, 0, 90)))
            .toArray(byte[][]::new);

        assertThat(verdict(Arrays.copyOf(halves, halves.length - 1))).isEqualTo(Verdict.MORE);
        assertThat(verdict(halves)).isEqualTo(QuicFlaw.MANY_DATAGRAMS.verdict());
    }

    @Test
    void whatCannotBeOpenedIsNoQuicInTheEnd() {
        byte[] changed = Initials.of(Version.V1).datagram(crypto(MESSAGE, 0, MESSAGE.length));
        changed[600]++;

        assertThat(verdict(Collections.nCopies(DatagramInspection.MAX_DATAGRAMS, changed))).isEqualTo(QuicFlaw.NOTHING_OPENED.verdict());
    }

    /** STREAM, NEW_TOKEN, HANDSHAKE_DONE, the other CONNECTION_CLOSE, a type that is written too long; frames that end too early; nothing. */
    @ParameterizedTest
    @CsvSource({"OTHER_FRAME, 08", "OTHER_FRAME, 070101", "OTHER_FRAME, 1e", "OTHER_FRAME, 1d000000", "OTHER_FRAME, 4006000101",
        "FRAME_CUT_SHORT, 0600ffff", "FRAME_CUT_SHORT, 06c0ffffffffffffff45", "FRAME_CUT_SHORT, 02000140ff00", "CLIENT_LEFT, 1c000000",
        "LONG_HELLO, 06ffffffffffffffff00", "LONG_HELLO, 0680003ffd0401000000", "LONG_HELLO, 06000401003ffd"})
    void framesThatAreWrongAreFlaws(QuicFlaw flaw, String hex) {
        byte[] frames = HexFormat.of().parseHex(hex);
        byte[] rest = new byte[0];
        if (flaw != QuicFlaw.FRAME_CUT_SHORT) {
            rest = new byte[Initials.LEAST_BYTES];
        }

        Initials client = Initials.of(Version.V1);
        assertThat(verdict(Initials.concat(client.packet(0, Initials.concat(new byte[9], frames, rest)), client.zeroRtt(Initials.LEAST_BYTES))))
            .isEqualTo(flaw.verdict());
    }

    @Test
    void packetsThatAreWrongAreFlaws() {
        Initials client = Initials.of(Version.V2);
        byte[] rest = client.zeroRtt(Initials.LEAST_BYTES);

        assertThat(verdict(Initials.concat(client.packet(0, 1, new byte[9]), rest))).isEqualTo(QuicFlaw.RESERVED_BITS.verdict());
        assertThat(verdict(Initials.concat(client.packet(0, 2, new byte[9]), rest))).isEqualTo(QuicFlaw.RESERVED_BITS.verdict());
        // The fewest bytes that a sample can be taken of.
        assertThat(verdict(Initials.concat(client.packet(0, new byte[2]), rest))).isEqualTo(Verdict.MORE);
    }

    /** Q3: overlapping pieces have to be the same. */
    @Test
    void helloThatIsWrittenTwiceAndDiffersIsAFlaw() {
        byte[] other = clientHello().name("b.example").alpn("h3").extension(57, new byte[100]).message();
        Initials client = Initials.of(Version.V1);
        byte[] first = client.datagram(crypto(MESSAGE, 0, MESSAGE.length - 1));

        assertThat(verdict(first, client.datagram(crypto(other, 0, other.length)))).isEqualTo(QuicFlaw.BYTES_DIFFER.verdict());
        assertThat(verdict(client.datagram(crypto(other, 5, 100), crypto(MESSAGE, 0, MESSAGE.length)))).isEqualTo(QuicFlaw.BYTES_DIFFER.verdict());
    }

    @Test
    void helloThatIsFlawedIsFlawedHereToo() {
        Initials client = Initials.of(Version.V1);
        byte[] noName = clientHello().extension(0, new byte[1]).message();

        assertThat(verdict(client.hello(noName))).isEqualTo(ClientHelloFlaw.NAME_LIST.verdict());
        assertThat(verdict(client.datagram(crypto(0, new byte[] {2})))).isEqualTo(ClientHelloFlaw.NOT_A_CLIENT_HELLO.verdict());
        assertThat(verdict(client.datagram(Initials.concat(new byte[] {6}, varint(0), varint(0))))).isEqualTo(Verdict.MORE);
    }
}
