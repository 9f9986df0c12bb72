// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import static io.portunus.flow.proxyprotocol.Facts.FOUR;
import static io.portunus.flow.proxyprotocol.Facts.PRELUDE;
import static io.portunus.flow.proxyprotocol.Facts.SIX;
import static io.portunus.flow.proxyprotocol.Facts.UNDECLARED;
import static io.portunus.flow.proxyprotocol.Facts.binary;
import static io.portunus.flow.proxyprotocol.Facts.ends;
import static io.portunus.flow.proxyprotocol.Facts.facts;
import static io.portunus.flow.proxyprotocol.Facts.passingOn;
import static io.portunus.flow.proxyprotocol.Facts.text;
import static io.portunus.flow.proxyprotocol.Facts.tlv;
import static io.portunus.flow.proxyprotocol.Headers.ascii;
import static io.portunus.flow.proxyprotocol.Headers.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyHeader.Tlv;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderOutTest {
    private static final String LOCAL = Headers.SIGNATURE + "20000000";
    private static final String FOUR_ENDS = "c0a80001 c0a8000b dc04 01bb";
    private static final DeclaredOrigin.Tlv DECLARED_NAME = tlv(0x02, "told.example");
    private static final DeclaredOrigin.Tlv DECLARED_CUSTOM = tlv(0xe3, (byte) 1, (byte) 0xff);
    private static final DeclaredOrigin.Tlv DECLARED_EMPTY = tlv(0x30);

    private final HeaderOut out = new HeaderOut(0x0123456789abcdefL);

    @Test
    void writesTheLineOfTheSpecification() {
        assertThat(line(FOUR)).isEqualTo("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n");
    }

    @Test
    void writesTheLongestLinesOfBothFamilies() {
        assertThat(line(ends("255.255.255.255", 65535, "255.255.255.254", 65535)))
            .isEqualTo("PROXY TCP4 255.255.255.255 255.255.255.254 65535 65535\r\n");
        assertThat(line(ends("ffff:f:f:f:f:f:f:ffff", 65535, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", 65535)))
            .isEqualTo("PROXY TCP6 ffff:f:f:f:f:f:f:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe 65535 65535\r\n");
    }

    @ParameterizedTest
    @CsvSource({"2001:db8:0:0:0:0:2:1,2001:db8::2:1", "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1", "2001:0:0:1:0:0:0:1,2001:0:0:1::1",
        "2001:DB8:0:0:1:0:0:1,2001:db8::1:0:0:1", "0:0:0:0:0:0:0:0,::", "0:0:0:0:0:0:0:1,::1", "1:0:0:0:0:0:0:0,1::",
        "0:0:1:2:3:4:5:6,::1:2:3:4:5:6", "1:2:3:4:5:6:0:0,1:2:3:4:5:6::", "64:ff9b::192.0.2.33,64:ff9b::c000:221"})
    void writesAddressesAsRfc5952Recommends(String given, String written) {
        assertThat(line(ends(given, 1, "2001:db8::", 2))).isEqualTo("PROXY TCP6 " + written + " 2001:db8:: 1 2\r\n");
    }

    @Test
    void writesTheBinaryHeaderOfBothFamilies() {
        assertThat(hex(out.bytes(facts(FOUR, binary())))).isEqualTo(hex(Headers.binary("2111", FOUR_ENDS)));
        assertThat(hex(out.bytes(facts(SIX, binary())))).isEqualTo(hex(Headers.binary("2121",
            "20010db8000000010000000000000002 20010db8000000000000000000000000 ffff 0000")));
    }

    /** P6: section 2.2 has a transport of its own for datagrams. */
    @Test
    void aHeaderOfDatagramsDiffersFromOneOfConnections() {
        HeaderFacts facts = new HeaderFacts(1, FOUR, Optional.empty(), Prelude.NONE, Facts.target(Optional.of(binary())), Protocol.UDP);
        byte[] bytes = out.bytes(facts);

        assertThat(bytes[13]).isEqualTo((byte) 0x12);
        bytes[13] = 0x11;
        assertThat(bytes).isEqualTo(out.bytes(facts(FOUR, binary())));
    }

    @Test
    void writesNothingForATargetThatUsesNone() {
        HeaderFacts facts = new HeaderFacts(1, FOUR, Optional.empty(), Prelude.NONE, Facts.target(Optional.empty()), Protocol.TCP);

        assertThat(out.bytes(facts)).isEmpty();
    }

    /** P7. */
    @Test
    void costsNoConnectionWhenTheFamiliesDiffer() {
        Addresses mixed = ends("192.0.2.1", 1, "2001:db8::1", 2);

        assertThat(line(mixed)).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(hex(out.bytes(facts(mixed, binary())))).isEqualTo(LOCAL);
    }

    /** P7. */
    @Test
    void foldsMappedAddressesBeforeItComparesFamilies() throws UnknownHostException {
        byte[] mapped = hex("00000000000000000000ffff c0000201");
        Addresses ends = new Addresses(new InetSocketAddress(Inet6Address.getByAddress("", mapped, -1), 1),
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 2));

        assertThat(line(ends)).isEqualTo("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n");
    }

    /** P7. */
    @Test
    void costsNoConnectionWhenAnAddressNeedsItsZone() throws UnknownHostException {
        InetAddress zoned = Inet6Address.getByAddress("", hex("fe800000000000000000000000000001"), 3);
        Addresses ends = new Addresses(new InetSocketAddress(zoned, 1), new InetSocketAddress(InetAddress.ofLiteral("fe80::2"), 2));

        assertThat(line(ends)).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(hex(out.bytes(facts(ends, binary())))).isEqualTo(LOCAL);
    }

    @Test
    void leavesOutAZoneThatMeansNothing() throws UnknownHostException {
        InetAddress zoned = Inet6Address.getByAddress("", hex("20010db8000000000000000000000001"), 3);
        Addresses ends = new Addresses(new InetSocketAddress(zoned, 1), new InetSocketAddress(InetAddress.ofLiteral("fe80::2"), 2));

        assertThat(line(ends)).isEqualTo("PROXY TCP6 2001:db8::1 fe80::2 1 2\r\n");
    }

    /** P7. */
    @Test
    void costsNoConnectionWhenAnAddressIsNone() {
        Addresses ends = new Addresses(InetSocketAddress.createUnresolved("client.example", 1), FOUR.local());

        assertThat(line(ends)).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(hex(out.bytes(facts(ends, binary())))).isEqualTo(LOCAL);
    }

    /** P1. */
    @Test
    void passesTheHealthCheckOfABalancerOnAsItsOwn() {
        assertThat(out.bytes(facts(UNDECLARED, text(), PRELUDE))).isEqualTo(ascii("PROXY UNKNOWN\r\n"));
        assertThat(hex(out.bytes(facts(UNDECLARED, passingOn(Tlv.values()), PRELUDE)))).isEqualTo(LOCAL);
    }

    @Test
    void writesNothingOfAClientWhoseAddressesWereNotDeclared() {
        DeclaredOrigin declared = new DeclaredOrigin(Optional.empty(), List.of(DECLARED_NAME));

        assertThat(out.bytes(facts(declared, text(), PRELUDE))).isEqualTo(ascii("PROXY UNKNOWN\r\n"));
        assertThat(hex(out.bytes(facts(declared, binary(), PRELUDE)))).isEqualTo(LOCAL);
        assertThat(hex(out.bytes(facts(declared, passingOn(Tlv.values()), PRELUDE)))).isEqualTo(LOCAL);
    }

    @Test
    void writesTheAddressesThatWereDeclared() {
        DeclaredOrigin declared = new DeclaredOrigin(Optional.of(SIX), List.of());

        assertThat(out.bytes(facts(declared, text(), PRELUDE))).isEqualTo(ascii("PROXY TCP6 2001:db8:0:1::2 2001:db8:: 65535 0\r\n"));
    }

    @Test
    void writesTheTlvsThatTheTargetUses() {
        assertThat(tlvs(facts(FOUR, binary(Tlv.AUTHORITY), PRELUDE))).containsExactly(tlv(0x02, "www.example.com"));
        assertThat(tlvs(facts(FOUR, binary(Tlv.ALPN), PRELUDE))).containsExactly(tlv(0x01, "h2"));
        assertThat(tlvs(facts(FOUR, binary(Tlv.UNIQUE_ID), PRELUDE))).containsExactly(tlv(0x05, "0123456789abcdef000000000000002a"));
        assertThat(tlvs(facts(FOUR, binary(Tlv.SSL), PRELUDE))).containsExactly(tlv(0x20, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 1));
        assertThat(tlvs(facts(FOUR, binary(Tlv.values()), PRELUDE))).extracting(DeclaredOrigin.Tlv::type).containsExactly(0x02, 0x01, 0x05, 0x20);
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        Prelude http = new Prelude("http", Optional.of("www.example.com"), List.of(), false);

        assertThat(tlvs(facts(FOUR, binary(Tlv.AUTHORITY, Tlv.ALPN, Tlv.SSL)))).isEmpty();
        assertThat(tlvs(facts(FOUR, binary(Tlv.AUTHORITY, Tlv.ALPN, Tlv.SSL), http))).containsExactly(tlv(0x02, "www.example.com"));
    }

    @Test
    void writesTheFirstProtocolInTheBytesOfTheClient() {
        assertThat(tlvs(facts(FOUR, binary(Tlv.ALPN), offering("\\x00h\\x5c\\x", "h2")))).containsExactly(tlv(0x01, "\0h\\\\x"));
        // RFC 8701: the first two are grease, the third is not.
        assertThat(tlvs(facts(FOUR, binary(Tlv.ALPN), offering("\\x0a\\x0a", "ZZ", "hh")))).containsExactly(tlv(0x01, "hh"));
    }

    /** P4. */
    @Test
    void passesOnWhatItDoesNotWriteItself() {
        DeclaredOrigin declared = new DeclaredOrigin(Optional.of(FOUR),
            List.of(DECLARED_CUSTOM, tlv(0x03, "crc?"), DECLARED_NAME, tlv(0x04, "pad"), DECLARED_EMPTY));

        assertThat(tlvs(facts(declared, binary(), PRELUDE))).isEmpty();
        assertThat(tlvs(facts(declared, passingOn(), PRELUDE))).containsExactly(DECLARED_CUSTOM, DECLARED_NAME, DECLARED_EMPTY);
        assertThat(tlvs(facts(declared, passingOn(Tlv.AUTHORITY), PRELUDE)))
            .containsExactly(tlv(0x02, "www.example.com"), DECLARED_CUSTOM, DECLARED_EMPTY);
        assertThat(tlvs(facts(declared, passingOn(Tlv.AUTHORITY), Prelude.NONE))).containsExactly(DECLARED_CUSTOM, DECLARED_NAME, DECLARED_EMPTY);
    }

    @Test
    void leavesOutWholeDeclaredTlvsWhenRoomIsShort() {
        DeclaredOrigin.Tlv big = tlv(0xe0, new byte[3000]);
        DeclaredOrigin.Tlv tooBig = tlv(0xe1, new byte[1080]);
        DeclaredOrigin declared = new DeclaredOrigin(Optional.of(FOUR), List.of(big, tooBig, DECLARED_CUSTOM));

        byte[] header = out.bytes(facts(declared, passingOn(Tlv.AUTHORITY, Tlv.CRC32C), PRELUDE));

        assertThat(header).hasSizeLessThanOrEqualTo(UpstreamHeader.MAX_BYTES);
        assertThat(origin(header).tlvs()).containsExactly(tlv(0x02, "www.example.com"), big, DECLARED_CUSTOM);
    }

    @Test
    void fillsTheHeaderToItsLastByte() {
        int room = UpstreamHeader.MAX_BYTES - 16 - 12 - 7 - 3;
        DeclaredOrigin fits = new DeclaredOrigin(Optional.of(FOUR), List.of(tlv(0xe0, new byte[room])));
        DeclaredOrigin doesNot = new DeclaredOrigin(Optional.of(FOUR), List.of(tlv(0xe0, new byte[room + 1])));

        assertThat(out.bytes(facts(fits, passingOn(Tlv.CRC32C), PRELUDE))).hasSize(UpstreamHeader.MAX_BYTES);
        assertThat(out.bytes(facts(doesNot, passingOn(Tlv.CRC32C), PRELUDE))).hasSize(16 + 12 + 7);
    }

    @Test
    void neverWritesMoreThanAHeaderMayHaveWhateverIsDeclared() {
        List<DeclaredOrigin.Tlv> many = IntStream.range(0, 2000).mapToObj(i -> tlv(0xe0 + i % 16, new byte[i % 40])).toList();
        Prelude longWinded = new Prelude(Prelude.TLS, Optional.of("x".repeat(70_000)), List.of("y".repeat(3000)), false);

        byte[] header = out.bytes(facts(new DeclaredOrigin(Optional.of(SIX), many), passingOn(Tlv.values()), longWinded));

        assertThat(header).hasSizeLessThanOrEqualTo(UpstreamHeader.MAX_BYTES);
    }

    @Test
    void endsInAChecksumThatIsRight() {
        byte[] header = out.bytes(facts(FOUR, binary(Tlv.CRC32C)));

        // Computed apart from the JDK's class, by the polynomial of RFC 4960, appendix B.
        assertThat(hex(header)).isEqualTo(hex(Headers.binary("2111", FOUR_ENDS + "03 0004 1c1ae9c6")));
    }

    private String line(Addresses ends) {
        return new String(out.bytes(facts(ends, text())), StandardCharsets.US_ASCII);
    }

    private List<DeclaredOrigin.Tlv> tlvs(HeaderFacts facts) {
        return origin(out.bytes(facts)).tlvs();
    }

    private static DeclaredOrigin origin(byte[] header) {
        FilterVerdict verdict = Headers.read(header);
        assertThat(verdict).isInstanceOf(FilterVerdict.Header.class);
        return ((FilterVerdict.Header) verdict).origin();
    }

    private static Prelude offering(String... alpn) {
        return new Prelude(Prelude.TLS, Optional.empty(), List.of(alpn), false);
    }
}
