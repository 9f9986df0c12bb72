// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is written is read, for many connections drawn at random from a fixed seed. */
class RoundTripTest {
    private final Random random = new Random(5);
    private final HeaderOut out = new HeaderOut(random.nextLong());

    @Test
    void readsTheAddressesThatWereWrittenInEitherVersion() throws UnknownHostException {
        for (int round = 0; round < 20_000; round++) {
            int width = random.nextBoolean() ? 4 : 16;
            Addresses ends = new Addresses(end(width), end(width));
            ProxyHeader header = random.nextBoolean() ? Facts.text() : Facts.binary(some());
            byte[] bytes = out.bytes(Facts.facts(ends, header, prelude()));

            FilterVerdict.Header declared = (FilterVerdict.Header) Headers.read(bytes);

            assertThat(declared.length()).isEqualTo(bytes.length);
            // A drawn IPv6 address may be a mapped one, and is declared as such only if both are.
            boolean writable = ends.client().getAddress().getClass() == ends.local().getAddress().getClass();
            assertThat(declared.origin().addresses()).isEqualTo(writable ? Optional.of(ends) : Optional.empty());
        }
    }

    @Test
    void readsWhatWasDeclaredByTheNodeBefore() throws UnknownHostException {
        for (int round = 0; round < 5000; round++) {
            DeclaredOrigin before = new DeclaredOrigin(Optional.of(new Addresses(end(4), end(4))), declared());
            ProxyHeader header = Facts.passingOn(some());
            byte[] bytes = out.bytes(new HeaderFacts(random.nextLong(), before.addresses().orElseThrow(), Optional.of(before), prelude(),
                Facts.target(Optional.of(header)), Protocol.TCP));

            DeclaredOrigin after = ((FilterVerdict.Header) Headers.readByteByByte(bytes)).origin();

            assertThat(after.addresses()).isEqualTo(before.addresses());
            assertThat(after.tlvs()).endsWith(before.tlvs().toArray(DeclaredOrigin.Tlv[]::new));
        }
    }

    private InetSocketAddress end(int width) throws UnknownHostException {
        byte[] address = new byte[width];
        random.nextBytes(address);
        // Many zeros, for they are what is shortened.
        if (width == 16) {
            for (int group = 0; group < 8; group++) {
                if (random.nextBoolean()) {
                    Arrays.fill(address, 2 * group, 2 * group + 2, (byte) 0);
                }
            }
        }
        return new InetSocketAddress(InetAddress.getByAddress(address), random.nextInt(65_536));
    }

    private ProxyHeader.Tlv[] some() {
        Set<ProxyHeader.Tlv> some = new HashSet<>();
        for (ProxyHeader.Tlv tlv : ProxyHeader.Tlv.values()) {
            if (random.nextBoolean()) {
                some.add(tlv);
            }
        }
        return some.toArray(ProxyHeader.Tlv[]::new);
    }

    private Prelude prelude() {
        return random.nextBoolean() ? Facts.PRELUDE : Prelude.NONE;
    }

    /** Of types that no node writes itself. */
    private List<DeclaredOrigin.Tlv> declared() {
        List<DeclaredOrigin.Tlv> declared = new ArrayList<>();
        for (int count = random.nextInt(6); count > 0; count--) {
            byte[] value = new byte[random.nextInt(300)];
            random.nextBytes(value);
            declared.add(Facts.tlv(0xe0 + random.nextInt(16), value));
        }
        return declared;
    }
}
