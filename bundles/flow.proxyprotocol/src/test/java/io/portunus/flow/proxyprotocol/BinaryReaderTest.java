// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import static io.portunus.flow.proxyprotocol.Facts.FOUR;
import static io.portunus.flow.proxyprotocol.Facts.SIX;
import static io.portunus.flow.proxyprotocol.Facts.UNDECLARED;
import static io.portunus.flow.proxyprotocol.Facts.ends;
import static io.portunus.flow.proxyprotocol.Facts.tlv;
import static io.portunus.flow.proxyprotocol.Headers.binary;
import static io.portunus.flow.proxyprotocol.Headers.concat;
import static io.portunus.flow.proxyprotocol.Headers.hex;
import static io.portunus.flow.proxyprotocol.Headers.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.model.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryReaderTest {
    private static final String FOUR_ENDS = "c0a80001 c0a8000b dc04 01bb";
    private static final String SIX_ENDS = "20010db8000000010000000000000002 20010db8000000000000000000000000 ffff 0000";
    /** Right for {@link #FOUR_ENDS} and nothing else. */
    private static final String FOUR_CHECKED = FOUR_ENDS + "03 0004 1c1ae9c6";
    private static final byte[] PAYLOAD = Headers.ascii("SSH-2.0-x\r\n");

    @Test
    void readsBothFamiliesAndNothingBehindThem() {
        byte[] four = binary("2111", FOUR_ENDS);
        byte[] six = binary("2121", SIX_ENDS);

        assertThat(read(concat(four, PAYLOAD))).isEqualTo(declared(28, FOUR));
        assertThat(read(concat(six, PAYLOAD))).isEqualTo(declared(52, SIX));
    }

    @Test
    void foldsMappedAddresses() {
        byte[] header = binary("2121", "00000000000000000000ffffc0000201 00000000000000000000ffffc0000202 0001 0002");

        assertThat(read(header)).isEqualTo(declared(52, ends("192.0.2.1", 1, "192.0.2.2", 2)));
    }

    /** P1. */
    @Test
    void takesTheHealthCheckOfABalancer() {
        assertThat(read(binary("2000", ""))).isEqualTo(new FilterVerdict.Header(16, UNDECLARED));
    }

    /** P2. */
    @ParameterizedTest
    @CsvSource({"2011,c0a80001c0a8000bdc0401bb", "2021,00", "2000,0102030405", "2011,c0a80001c0a8000bdc0401bb030004ffffffff", "20ff,ee", "2012,00"})
    void skipsWhatAHealthCheckBringsAlong(String commandAndFamily, String block) {
        byte[] header = binary(commandAndFamily, block);

        assertThat(read(concat(header, PAYLOAD))).isEqualTo(new FilterVerdict.Header(header.length, UNDECLARED));
        assertThat(Headers.feed(header, header.length - 1)).isEqualTo(FilterVerdict.MORE);
    }

    @ParameterizedTest
    @CsvSource({"2100,''", "2100,0102030405", "2101,c0a80001c0a8000bdc0401bb", "2110,c0a80001c0a8000bdc0401bb", "2120,00"})
    void skipsAddressesThatAreOfNoFamily(String commandAndFamily, String block) {
        byte[] header = binary(commandAndFamily, block);

        assertThat(read(concat(header, PAYLOAD))).isEqualTo(new FilterVerdict.Header(header.length, UNDECLARED));
    }

    @Test
    void skipsAddressesOfUnixSocketsAndReadsWhatFollows() {
        byte[] header = binary("2131", "2f".repeat(216) + "02 0001 61");

        assertThat(read(header)).isEqualTo(new FilterVerdict.Header(header.length, new DeclaredOrigin(Optional.empty(), List.of(tlv(2, "a")))));
        assertThat(read(binary("2131", "2f".repeat(215)))).isEqualTo(HeaderFlaw.SHORT_ADDRESSES.verdict());
    }

    @Test
    void readsTlvsThatStandWithoutAddresses() {
        byte[] header = binary("2100", "02 0001 61 e0 0000");

        assertThat(read(header)).isEqualTo(
            new FilterVerdict.Header(header.length, new DeclaredOrigin(Optional.empty(), List.of(tlv(2, "a"), tlv(0xe0)))));
    }

    @Test
    void keepsTlvsInTheirOrderButPaddingAndChecksum() {
        byte[] header = binary("2111", FOUR_ENDS + "ea 0002 0102 04 0003 000000 02 0001 61 04 0000 02 0001 62 30 0000");

        assertThat(read(header)).isEqualTo(declared(header.length, FOUR, tlv(0xea, (byte) 1, (byte) 2), tlv(2, "a"), tlv(2, "b"), tlv(0x30)));
        assertThat(read(binary("2111", FOUR_CHECKED))).isEqualTo(declared(35, FOUR));
    }

    @Test
    void keepsNothingOfTheBufferThatItReads() {
        byte[] header = binary("2111", FOUR_ENDS + "02 0003 616263");
        ByteBuffer buffer = ByteBuffer.allocateDirect(header.length).put(header).flip().order(ByteOrder.LITTLE_ENDIAN);

        FilterVerdict verdict = new HeaderIn(Protocol.TCP).filter(buffer);
        buffer.put(new byte[header.length]);

        assertThat(verdict).isEqualTo(declared(header.length, FOUR, tlv(2, "abc")));
    }

    @Test
    void verifiesTheChecksumWhateverTheBuffer() {
        byte[] header = binary("2111", FOUR_CHECKED);
        ByteBuffer buffer = ByteBuffer.allocateDirect(100).put(header).flip().order(ByteOrder.LITTLE_ENDIAN);

        assertThat(new HeaderIn(Protocol.TCP).filter(buffer)).isEqualTo(declared(35, FOUR));
        assertThat(read(concat(header, PAYLOAD))).isEqualTo(declared(35, FOUR));
    }

    @Test
    void refusesEveryOtherBitOfACheckedHeader() {
        byte[] header = binary("2111", FOUR_CHECKED);

        for (int bit = 8 * 16; bit < 8 * header.length; bit++) {
            byte[] bad = header.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            // The type and the length of the checksum itself: without it there is nothing to verify.
            boolean checksumLost = bit / 8 == 28;
            assertThat(read(bad) instanceof FilterVerdict.Header).as("bit %d", bit).isEqualTo(checksumLost);
        }
    }

    @ParameterizedTest
    @CsvSource({"1111", "3111", "0111", "f111"})
    void refusesOtherVersions(String commandAndFamily) {
        assertThat(read(binary(commandAndFamily, FOUR_ENDS))).isEqualTo(HeaderFlaw.VERSION.verdict());
    }

    @ParameterizedTest
    @CsvSource({"2211", "2f11", "2200"})
    void refusesOtherCommands(String commandAndFamily) {
        assertThat(read(binary(commandAndFamily, FOUR_ENDS))).isEqualTo(HeaderFlaw.COMMAND.verdict());
    }

    /** P6. */
    @Test
    void ofDatagramsOnlyTheirOwnHeadersAreTaken() {
        byte[] header = binary("2112", FOUR_ENDS);
        assertThat(Headers.readDatagram(concat(header, PAYLOAD))).isEqualTo(declared(28, FOUR));
        assertThat(Headers.readDatagram(header)).isEqualTo(declared(28, FOUR));
        for (String declaresNobody : new String[] {"2000", "2012", "2011", "2100", "2102"}) {
            assertThat(Headers.readDatagram(concat(binary(declaresNobody, ""), PAYLOAD))).as(declaresNobody)
                .isEqualTo(new FilterVerdict.Header(16, Facts.UNDECLARED));
        }
        assertThat(Headers.readDatagram(concat(binary("2111", FOUR_ENDS), PAYLOAD))).isEqualTo(HeaderFlaw.STREAM.verdict());
        assertThat(Headers.readDatagram(binary("2113", FOUR_ENDS))).isEqualTo(HeaderFlaw.TRANSPORT.verdict());
        assertThat(Headers.readDatagram(Headers.ascii("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nx"))).isEqualTo(HeaderFlaw.LINE_OF_DATAGRAM.verdict());
        assertThat(Headers.readDatagram(PAYLOAD)).isEqualTo(Headers.missing());
        for (int cut = 0; cut < header.length; cut++) {
            assertThat(Headers.readDatagram(Arrays.copyOf(header, cut))).as("%d bytes", cut).isEqualTo(FilterVerdict.MORE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2141", "21f1", "2113", "211f", "2103", "2112", "2122", "2132", "2102"})
    void refusesOtherFamiliesAndDatagrams(String commandAndFamily) {
        byte[] header = binary(commandAndFamily, SIX_ENDS.repeat(6));

        assertThat(read(header)).isIn(HeaderFlaw.FAMILY.verdict(), HeaderFlaw.TRANSPORT.verdict(), HeaderFlaw.DATAGRAM.verdict());
        assertThat(Headers.feed(header, 14)).isEqualTo(read(header));
    }

    @Test
    void refusesAddressesThatAreCutShort() {
        assertThat(read(binary("2111", "c0a80001 c0a8000b dc04 01"))).isEqualTo(HeaderFlaw.SHORT_ADDRESSES.verdict());
        assertThat(read(binary("2121", FOUR_ENDS))).isEqualTo(HeaderFlaw.SHORT_ADDRESSES.verdict());
        assertThat(read(binary("2111", ""))).isEqualTo(HeaderFlaw.SHORT_ADDRESSES.verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "02 00", "02 0002 61", "02 0001 61 00", "02 0000 e0 ffff", "03 0004 0000"})
    void refusesTlvsThatReachBeyondTheHeader(String tlvs) {
        assertThat(read(concat(binary("2111", FOUR_ENDS + tlvs), PAYLOAD))).isEqualTo(HeaderFlaw.TLV_OVERRUN.verdict());
        assertThat(read(concat(binary("2131", "00".repeat(216) + tlvs), PAYLOAD))).isEqualTo(HeaderFlaw.TLV_OVERRUN.verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"03 0000", "03 0003 000000", "03 0005 0000000000", "03 0008 0000000000000000"})
    void refusesChecksumsOfOtherForm(String tlvs) {
        assertThat(read(binary("2111", FOUR_ENDS + tlvs))).isEqualTo(HeaderFlaw.CHECKSUM_FORM.verdict());
    }

    @Test
    void refusesTwoChecksums() {
        assertThat(read(binary("2111", FOUR_ENDS + "03 0004 00000000 03 0004 00000000"))).isEqualTo(HeaderFlaw.CHECKSUM_FORM.verdict());
    }

    @Test
    void refusesAUniqueIdOfMoreThan128Bytes() {
        assertThat(read(binary("2111", FOUR_ENDS + "05 0080" + "00".repeat(128)))).isEqualTo(declared(16 + 12 + 131, FOUR, tlv(5, new byte[128])));
        assertThat(read(binary("2111", FOUR_ENDS + "05 0081" + "00".repeat(129)))).isEqualTo(HeaderFlaw.LONG_UNIQUE_ID.verdict());
    }

    @Test
    void refusesMoreThan128TlvsButCountsNoPadding() {
        assertThat(read(binary("2111", FOUR_ENDS + "e0 0000".repeat(129)))).isEqualTo(HeaderFlaw.TOO_MANY_TLVS.verdict());
        assertThat(read(binary("2111", FOUR_ENDS + "e0 0000".repeat(128) + "04 0000".repeat(1000)))).isInstanceOf(FilterVerdict.Header.class);
    }

    @Test
    void takesAHeaderOf4096BytesAndNoLonger() {
        byte[] longest = binary("2111", FOUR_ENDS + "e0 0fe1" + "00".repeat(0xfe1));
        byte[] longer = binary("2111", FOUR_ENDS + "e0 0fe2" + "00".repeat(0xfe2));

        assertThat(longest).hasSize(Filtering.MAX_BYTES);
        assertThat(read(longest)).isInstanceOf(FilterVerdict.Header.class);
        assertThat(read(longer)).isEqualTo(HeaderFlaw.LONG_HEADER.verdict());
        assertThat(Headers.feed(longer, 16)).isEqualTo(HeaderFlaw.LONG_HEADER.verdict());
        assertThat(Headers.feed(binary("2000", "00".repeat(5000)), 16)).isEqualTo(HeaderFlaw.LONG_HEADER.verdict());
    }

    @Test
    void checksumIsThatOfTheStandard() {
        // Over "123456789" and four zeros, computed bit by bit from the polynomial of RFC 4960, appendix B.
        byte[] bytes = hex("313233343536373839 deadbeef");

        assertThat(BinaryHeader.checksum(ByteBuffer.wrap(bytes), bytes.length, 9)).isEqualTo(0x55a059d9);
    }

    private static FilterVerdict declared(int length, Addresses ends, DeclaredOrigin.Tlv... tlvs) {
        return new FilterVerdict.Header(length, new DeclaredOrigin(Optional.of(ends), List.of(tlvs)));
    }
}
