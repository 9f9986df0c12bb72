// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.IpLiterals;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The header of rehearsals, both ways: {@code '>'}, the client's IP address, {@code ';'}. Stateless. */
public final class SampleFilter implements Filtering, UpstreamHeader {
    /** Something else came. */
    public static final CloseReason MISSING = new CloseReason("rehearsal.header_missing", CloseReason.Side.SELF,
        "A header was required in a rehearsal, and something else came.");
    /** It is no header. */
    public static final CloseReason MALFORMED = new CloseReason("rehearsal.header_malformed", CloseReason.Side.SELF,
        "The header of a rehearsal cannot be parsed.");
    /** It did not come in time. */
    public static final CloseReason LATE = new CloseReason("rehearsal.header_timeout", CloseReason.Side.SELF,
        "The header of a rehearsal did not come within the time for it.");

    @Override
    public FilterVerdict filter(ByteBuffer bytes) {
        if (bytes.get(0) != '>') {
            return new FilterVerdict.No(MISSING, "no header");
        }
        for (int end = 1; end < bytes.limit(); end++) {
            if (bytes.get(end) == ';') {
                byte[] address = new byte[end - 1];
                bytes.get(1, address);
                return verdict(end + 1, new String(address, StandardCharsets.US_ASCII));
            }
        }
        return FilterVerdict.MORE;
    }

    private static FilterVerdict verdict(int length, String client) {
        Optional<Addresses> ends = IpLiterals.parse(client).map(address ->
            new Addresses(new InetSocketAddress(address, 7), new InetSocketAddress(address, 8)));
        return ends.isEmpty() ? new FilterVerdict.No(MALFORMED, "no address")
            : new FilterVerdict.Header(length, new DeclaredOrigin(ends, List.of()));
    }

    @Override
    public CloseReason late() {
        return LATE;
    }

    @Override
    public CloseReason tooLong() {
        return MALFORMED;
    }

    @Override
    public String kind() {
        return PROXY;
    }

    @Override
    public byte[] bytes(HeaderFacts facts) {
        return of(facts.addresses().client().getAddress().getHostAddress());
    }

    /** The header of a client. */
    public static byte[] of(String client) {
        return ('>' + client + ';').getBytes(StandardCharsets.US_ASCII);
    }
}
