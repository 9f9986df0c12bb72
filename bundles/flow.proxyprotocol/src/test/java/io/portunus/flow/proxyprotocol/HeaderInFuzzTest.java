// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.ProxyHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzes the filter with whole connections: no exception, one answer however the bytes are cut, and what was declared can be passed on. The
 * module's build fuzzes for ten seconds; elsewhere, as from an IDE, only the seeds run.
 */
class HeaderInFuzzTest {
    private final HeaderOut out = new HeaderOut(7);

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10s")
    void answersOnceHoweverTheBytesAreCut(byte[] bytes) {
        FilterVerdict whole = Headers.feed(bytes, bytes.length);
        int cut = Math.floorMod(Arrays.hashCode(bytes), bytes.length + 1);

        expect(whole, Headers.readByteByByte(bytes));
        expect(whole, Headers.feed(bytes, cut, bytes.length));
        if (Headers.readDatagram(bytes) instanceof FilterVerdict.Header(int length, DeclaredOrigin origin) && length > bytes.length) {
            throw new AssertionError("the header of " + origin + " ends behind its datagram");
        }
        if (whole instanceof FilterVerdict.Header(int length, DeclaredOrigin origin)) {
            if (length > Math.min(bytes.length, Filtering.MAX_BYTES)) {
                throw new AssertionError("the header ends behind what was received");
            }
            passOn(origin, Facts.text());
            passOn(origin, Facts.passingOn(ProxyHeader.Tlv.values()));
        }
    }

    static Stream<byte[]> seeds() {
        HeaderOut out = new HeaderOut(7);
        DeclaredOrigin checked = new DeclaredOrigin(Optional.of(Facts.SIX), List.of(Facts.tlv(0xe1, "x"), Facts.tlv(0x20, "12345")));
        return Stream.concat(HeaderInTest.headers(), Stream.of(Headers.ascii("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::1 1 2\r\nSSH-2.0-x\r\n"),
            Headers.ascii("GET / HTTP/1.1\r\n"), out.bytes(Facts.facts(checked, Facts.passingOn(ProxyHeader.Tlv.values()), Facts.PRELUDE)),
            out.bytes(Facts.facts(Facts.FOUR, Facts.binary(ProxyHeader.Tlv.CRC32C)))));
    }

    private void passOn(DeclaredOrigin origin, ProxyHeader header) {
        byte[] written = out.bytes(Facts.facts(origin, header, Facts.PRELUDE));
        FilterVerdict again = Headers.read(written);
        Optional<Addresses> expected = origin.addresses().flatMap(HeaderAddresses::of);
        if (written.length > UpstreamHeader.MAX_BYTES || !(again instanceof FilterVerdict.Header declared)
                || !declared.origin().addresses().equals(expected)) {
            throw new AssertionError(origin + " is told on as " + again);
        }
    }

    private static void expect(FilterVerdict wanted, FilterVerdict seen) {
        if (!wanted.equals(seen)) {
            throw new AssertionError(wanted + " but cut otherwise " + seen);
        }
    }
}
