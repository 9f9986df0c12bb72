// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Connections and what they are declared with. */
final class Facts {
    static final long FLOW = 0x2a;
    static final Addresses FOUR = ends("192.168.0.1", 56324, "192.168.0.11", 443);
    static final Addresses SIX = ends("2001:db8:0:1::2", 65535, "2001:db8::", 0);
    static final DeclaredOrigin UNDECLARED = new DeclaredOrigin(Optional.empty(), List.of());
    static final Prelude PRELUDE = new Prelude(Prelude.TLS, Optional.of("www.example.com"), List.of("h2", "http/1.1"), false);

    private Facts() {
    }

    static Addresses ends(String client, int clientPort, String local, int localPort) {
        return new Addresses(new InetSocketAddress(InetAddress.ofLiteral(client), clientPort),
            new InetSocketAddress(InetAddress.ofLiteral(local), localPort));
    }

    static ProxyHeader text() {
        return ProxyHeader.of(ProxyHeader.Version.V1);
    }

    static ProxyHeader binary(ProxyHeader.Tlv... tlvs) {
        return new ProxyHeader(ProxyHeader.Version.V2, Set.of(tlvs), false);
    }

    static ProxyHeader passingOn(ProxyHeader.Tlv... tlvs) {
        return new ProxyHeader(ProxyHeader.Version.V2, Set.of(tlvs), true);
    }

    static HeaderFacts facts(Addresses ends, ProxyHeader header) {
        return facts(ends, header, Prelude.NONE);
    }

    static HeaderFacts facts(Addresses ends, ProxyHeader header, Prelude prelude) {
        return new HeaderFacts(FLOW, ends, Optional.empty(), prelude, target(Optional.of(header)), Protocol.TCP);
    }

    static HeaderFacts facts(DeclaredOrigin declared, ProxyHeader header, Prelude prelude) {
        return new HeaderFacts(FLOW, declared.addresses().orElse(FOUR), Optional.of(declared), prelude, target(Optional.of(header)), Protocol.TCP);
    }

    static Target target(Optional<ProxyHeader> header) {
        Target plain = Target.of(TargetAddress.parse("target.example:443"));
        return new Target(plain.address(), plain.priority(), plain.weight(), plain.maxConnections(), header, plain.drained());
    }

    static DeclaredOrigin.Tlv tlv(int type, byte... value) {
        return new DeclaredOrigin.Tlv(type, ByteBuffer.wrap(value));
    }

    static DeclaredOrigin.Tlv tlv(int type, String value) {
        return tlv(type, value.getBytes(StandardCharsets.UTF_8));
    }
}
