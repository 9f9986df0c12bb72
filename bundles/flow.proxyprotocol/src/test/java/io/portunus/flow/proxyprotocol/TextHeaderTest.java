// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import static io.portunus.flow.proxyprotocol.Facts.UNDECLARED;
import static io.portunus.flow.proxyprotocol.Facts.ends;
import static io.portunus.flow.proxyprotocol.Headers.ascii;
import static io.portunus.flow.proxyprotocol.Headers.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextHeaderTest {
    private static final String LINE = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n";

    @Test
    void readsTheLineOfTheSpecificationAndNothingBehindIt() {
        FilterVerdict declared = declared(LINE, ends("192.168.0.1", 56324, "192.168.0.11", 443));

        assertThat(read(ascii(LINE))).isEqualTo(declared);
        assertThat(read(ascii(LINE + "GET / HTTP/1.1\r\nHost: 192.168.0.11\r\n\r\n"))).isEqualTo(declared);
        assertThat(read(ascii(LINE + LINE))).isEqualTo(declared);
    }

    @ParameterizedTest
    @CsvSource({"TCP4 255.255.255.255 255.255.255.255 65535 65535,255.255.255.255,65535,255.255.255.255,65535",
        "TCP4 0.0.0.0 0.0.0.0 0 0,0.0.0.0,0,0.0.0.0,0",
        "TCP6 2001:db8::1 ::1 1 2,2001:db8::1,1,::1,2", "TCP6 2001:DB8:0:0:0:0:0:1 :: 1 2,2001:db8::1,1,::,2",
        "TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe 65535 65535,"
            + "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,65535,ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe,65535"})
    void readsBothFamilies(String fields, String client, int clientPort, String local, int localPort) {
        String line = "PROXY " + fields + "\r\n";

        assertThat(read(ascii(line))).isEqualTo(declared(line, ends(client, clientPort, local, localPort)));
    }

    @Test
    void foldsMappedAddresses() {
        String line = "PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c000:202 1 2\r\n";

        assertThat(read(ascii(line))).isEqualTo(declared(line, ends("192.0.2.1", 1, "192.0.2.2", 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN \r\n", "PROXY UNKNOWN whatever \r\0\n stands here\r\n",
        "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", "PROXY UNKNOWN \n\r\r\n"})
    void takesUnknownAndIgnoresWhatFollows(String line) {
        assertThat(read(ascii(line + "rest"))).isEqualTo(new FilterVerdict.Header(line.length(), UNDECLARED));
    }

    @Test
    void takesALineOf107BytesAndNoLonger() {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n";
        String longer = "PROXY UNKNOWN " + "x".repeat(107 - 15) + "\r\n";

        assertThat(read(ascii(longest))).isEqualTo(new FilterVerdict.Header(107, UNDECLARED));
        assertThat(read(ascii(longer))).isEqualTo(HeaderFlaw.LONG_LINE.verdict());
        assertThat(read(ascii(longer.substring(0, 106)))).isEqualTo(FilterVerdict.MORE);
        assertThat(read(ascii(longer.substring(0, 107)))).isEqualTo(HeaderFlaw.LONG_LINE.verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", "PROXY \n", "PROXY UNKNOWN\n", "PROXY TCP4 192.0.2.1\n192.0.2.2 1 2\r\n"})
    void refusesALineThatEndsOtherwise(String line) {
        assertThat(read(ascii(line))).isEqualTo(HeaderFlaw.LINE_END.verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "TCP4", "TCP4 192.0.2.1 192.0.2.2 1", "TCP4 192.0.2.1 192.0.2.2 1 2 ", "TCP4 192.0.2.1 192.0.2.2 1 2 3",
        "TCP4  192.0.2.1 192.0.2.2 1 2", "TCP4 192.0.2.1 192.0.2.2  1 2", " TCP4 192.0.2.1 192.0.2.2 1 2", "TCP4\t192.0.2.1 192.0.2.2 1 2",
        "TCP 192.0.2.1 192.0.2.2 1 2", "tcp4 192.0.2.1 192.0.2.2 1 2", "UDP4 192.0.2.1 192.0.2.2 1 2", "TCP5 192.0.2.1 192.0.2.2 1 2",
        "UNKNOWNX", "unknown", "UNKNOWN\t", "UNIX_STREAM a b 1 2"})
    void refusesOtherFields(String fields) {
        assertThat(read(ascii("PROXY " + fields + "\r\n"))).isIn(HeaderFlaw.LINE_FIELDS.verdict(), HeaderFlaw.LINE_PROTOCOL.verdict());
    }

    @ParameterizedTest
    @CsvSource({"TCP4,192.0.2.256", "TCP4,192.0.2", "TCP4,192.0.2.01", "TCP4,3221225985", "TCP4,0xc0000201", "TCP4,192.0.2.1.",
        "TCP4,192.0.2.-1", "TCP4,2001:db8::1", "TCP4,::ffff:192.0.2.1", "TCP4,localhost", "TCP4,www.example.com", "TCP4,١.0.2.1",
        "TCP6,192.0.2.1", "TCP6,2001:db8::1::2",
        "TCP6,2001:db8", "TCP6,fe80::1%eth0", "TCP6,fe80::1%1", "TCP6,[2001:db8::1]", "TCP6,2001:db8::00001", "TCP6,1:2:3:4:5:6:7:8:9",
        "TCP6,2001:db8::g", "TCP6,::ffff:192.0.2.01", "TCP6,::ffff:192.0.2", "TCP6,::192.0.2.1:1", "TCP6,:", "TCP6,:1", "TCP6,1:", "TCP6,::1/128"})
    void refusesWhatIsNoLiteralOfTheFamily(String protocol, String address) {
        String good = protocol.equals("TCP4") ? "192.0.2.9" : "2001:db8::9";

        assertThat(read(ascii("PROXY " + protocol + " " + address + " " + good + " 1 2\r\n"))).isEqualTo(HeaderFlaw.LINE_ADDRESS.verdict());
        assertThat(read(ascii("PROXY " + protocol + " " + good + " " + address + " 1 2\r\n"))).isEqualTo(HeaderFlaw.LINE_ADDRESS.verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "99999", "100000", "4294967297", "01", "00", "+1", "-1", "1.0", "0x1", "1a", "http"})
    void refusesWhatIsNoPort(String port) {
        assertThat(read(ascii("PROXY TCP4 192.0.2.1 192.0.2.2 " + port + " 2\r\n"))).isEqualTo(HeaderFlaw.LINE_PORT.verdict());
        assertThat(read(ascii("PROXY TCP4 192.0.2.1 192.0.2.2 1 " + port + "\r\n"))).isEqualTo(HeaderFlaw.LINE_PORT.verdict());
    }

    private static FilterVerdict declared(String line, Addresses ends) {
        return new FilterVerdict.Header(line.length(), new DeclaredOrigin(Optional.of(ends), List.of()));
    }
}
