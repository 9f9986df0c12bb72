// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.contracts.Initials;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of RFC 9001 and RFC 9369, each appendix A. */
class InitialPacketTest {
    private static final byte[] DESTINATION = hex("8394c8f03e515708");
    private static final String CLIENT_FRAMES = """
        060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b65
        78616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9caa4
        7fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c0002
        4001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff""";
    private static final String SERVER_FRAMES = """
        02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a1200130100002e00330024001d00209d3c
        940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304""";

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace("\n", ""));
    }

    private static byte[] sample(int number) {
        return SampleInitials.ALL.get(number).bytes().getFirst();
    }

    private static InitialPacket open(byte[] datagram) {
        LongHeader header = LongHeader.read(new Octets(datagram, 0, datagram.length)).orElseThrow();
        return InitialPacket.open(datagram, header, InitialKeys.ofClient(header.version(), header.destination())).orElseThrow();
    }

    /** A.1 of both. */
    @ParameterizedTest
    @CsvSource({
        "V1, true, 1f369613dd76d5467730efcbe3b1a22d, fa044b2f42a3fd3b46fb255c, 9f50449e04a0e810283a1e9933adedd2",
        "V1, false, cf3a5331653c364c88f0f379b6067e37, 0ac1493ca1905853b0bba03e, c206b8d9b9f0f37644430b490eeaa314",
        "V2, true, 8b1a0bc121284290a29e0971b5cd045d, 91f73e2351d8fa91660e909f, 45b95e15235d6f45a6b19cbcb0294ba9",
        "V2, false, 82db637861d55e1d011f19ea71d5d2a7, dd13c276499c0249d3310652, edf6d05c83121201b436e16877593c3a"})
    void derivesTheKeysOfTheVectors(QuicVersion version, boolean client, String key, String iv, String headerKey) {
        InitialKeys expected = new InitialKeys(hex(key), hex(iv), hex(headerKey));
        InitialKeys keys = client ? InitialKeys.ofClient(version, DESTINATION) : InitialKeys.ofServer(version, DESTINATION);

        assertThat(keys.mask(new byte[16], 0)).isEqualTo(expected.mask(new byte[16], 0));
        assertThat(keys.seal(7, new byte[3], new byte[40])).isEqualTo(expected.seal(7, new byte[3], new byte[40]));
    }

    /** A.2 of both: 241 bytes of CRYPTO, and padding. */
    @ParameterizedTest
    @CsvSource({"0", "1"})
    void opensThePacketOfTheClient(int sample) {
        InitialPacket packet = open(sample(sample));

        assertThat(packet.reserved()).isFalse();
        assertThat(packet.frames().copy()).isEqualTo(Arrays.copyOf(hex(CLIENT_FRAMES), 1162));
    }

    /** The same the other way round. */
    @ParameterizedTest
    @CsvSource({"V1, 0, c300000001088394c8f03e5157080000449e00000002", "V2, 1, d36b3343cf088394c8f03e5157080000449e00000002"})
    void sealsThePacketOfTheClient(QuicVersion version, int sample, String header) {
        byte[] packet = InitialPacket.seal(InitialKeys.ofClient(version, DESTINATION), hex(header), 4, Arrays.copyOf(hex(CLIENT_FRAMES), 1162));

        assertThat(packet).isEqualTo(sample(sample));
    }

    /** A.3 of both: what a client reads is what we write. */
    @ParameterizedTest
    @CsvSource({"V1, c1000000010008f067a5502a4262b50040750001, cf000000010008f067a5502a4262b5004075c0d9, 2cd0991cd25b0aac406a5816b6394100",
        "V2, d16b3343cf0008f067a5502a4262b50040750001, dc6b3343cf0008f067a5502a4262b5004075d92f, "})
    void sealsThePacketOfTheServer(QuicVersion version, String header, String sealed, String sample) {
        byte[] packet = InitialPacket.seal(InitialKeys.ofServer(version, DESTINATION), hex(header), 2, hex(SERVER_FRAMES));

        assertThat(packet).hasSize(135).startsWith(hex(sealed));
        if (sample != null) {
            assertThat(Arrays.copyOfRange(packet, 22, 38)).isEqualTo(hex(sample));
        }
    }

    @Test
    void doesNotOpenWhatIsTooShortForASample() {
        byte[] datagram = Initials.of(Initials.Version.V1).packet(0, new byte[1]);
        LongHeader header = LongHeader.read(new Octets(datagram, 0, datagram.length)).orElseThrow();

        assertThat(InitialPacket.open(datagram, header, InitialKeys.ofClient(QuicVersion.V1, DESTINATION))).isEmpty();
    }

    @Test
    void opensOnlyWhatItsClientWrote() {
        byte[] datagram = sample(0);
        LongHeader header = LongHeader.read(new Octets(datagram, 0, datagram.length)).orElseThrow();

        assertThat(InitialPacket.open(datagram, header, InitialKeys.ofServer(QuicVersion.V1, DESTINATION))).isEmpty();
        assertThat(InitialPacket.open(datagram, header, InitialKeys.ofClient(QuicVersion.V2, DESTINATION))).isEmpty();
        assertThat(InitialPacket.open(datagram, header,
            InitialKeys.ofClient(QuicVersion.V1, "another".getBytes(StandardCharsets.US_ASCII)))).isEmpty();
    }
}
