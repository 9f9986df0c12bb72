// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.model.ProxyHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the header that a target uses. What cannot be declared never costs the connection: the header then states so, and the target takes the
 * addresses of its socket. Thread-safe: immutable.
 */
final class HeaderOut {
    private static final byte[] NOTHING = {};

    private final OwnTlvs own;

    /** For one node, which has this number in the ids of its flows. */
    HeaderOut(long node) {
        this.own = new OwnTlvs(node);
    }

    byte[] bytes(HeaderFacts facts) {
        return facts.target().proxy().map(header -> bytes(facts, header)).orElse(NOTHING);
    }

    private byte[] bytes(HeaderFacts facts, ProxyHeader header) {
        // A balancer declared no addresses, as of its health check: those of the socket are its own, and would make it a client.
        boolean hidden = facts.declared().map(origin -> origin.addresses().isEmpty()).orElse(false);
        Optional<Addresses> ends = hidden ? Optional.empty() : HeaderAddresses.of(facts.addresses());
        return switch (header.version()) {
            case V1 -> TextHeader.write(ends);
            case V2 -> ends.map(known -> BinaryWriter.proxied(transport(facts), known, tlvs(facts, header),
                header.tlvs().contains(ProxyHeader.Tlv.CRC32C))).orElseGet(BinaryWriter::local);
        };
    }

    private static int transport(HeaderFacts facts) {
        return switch (facts.protocol()) {
            case TCP -> BinaryHeader.STREAM;
            case UDP -> BinaryHeader.DGRAM;
        };
    }

    /** What this node writes, then what it passes on: when room is short, the latter goes. */
    private List<DeclaredOrigin.Tlv> tlvs(HeaderFacts facts, ProxyHeader header) {
        List<DeclaredOrigin.Tlv> tlvs = own.of(facts, header.tlvs());
        if (!header.passOn() || facts.declared().isEmpty()) {
            return tlvs;
        }
        List<Integer> written = tlvs.stream().map(DeclaredOrigin.Tlv::type).toList();
        List<DeclaredOrigin.Tlv> all = new ArrayList<>(tlvs);
        for (DeclaredOrigin.Tlv tlv : facts.declared().get().tlvs()) {
            if (!written.contains(tlv.type()) && tlv.type() != BinaryHeader.TYPE_CRC32C && tlv.type() != BinaryHeader.TYPE_NOOP) {
                all.add(tlv);
            }
        }
        return all;
    }
}
