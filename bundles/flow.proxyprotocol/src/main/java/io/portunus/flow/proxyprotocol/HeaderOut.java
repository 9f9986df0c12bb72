// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.PreludeFacts;
import io.portunus.flow.spi.ToldOrigin;
import io.portunus.model.ProxyHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the header that a target wants. What cannot be told never costs the connection: the header then says so, and the target takes the
 * addresses of its socket. Thread-safe: immutable.
 */
final class HeaderOut {
    private static final byte[] NOTHING = {};

    private final OwnTlvs own;

    /** For one node, which has this number in the ids of its flows. */
    HeaderOut(long node) {
        this.own = new OwnTlvs(node);
    }

    byte[] bytes(PreludeFacts facts) {
        return facts.target().proxy().map(header -> bytes(facts, header)).orElse(NOTHING);
    }

    private byte[] bytes(PreludeFacts facts, ProxyHeader header) {
        // Somebody in front told no addresses, as of his health check: those of the socket are his, and telling them would make him a client.
        boolean hidden = facts.told().map(told -> told.addresses().isEmpty()).orElse(false);
        Optional<Addresses> ends = hidden ? Optional.empty() : TellableAddresses.of(facts.addresses());
        return switch (header.version()) {
            case V1 -> TextHeader.write(ends);
            case V2 -> ends.map(known -> BinaryWriter.proxied(known, tlvs(facts, header), header.tlvs().contains(ProxyHeader.Tlv.CRC32C)))
                .orElseGet(BinaryWriter::local);
        };
    }

    /** What this node says, then what it passes on: when room is short, the latter goes. */
    private List<ToldOrigin.Tlv> tlvs(PreludeFacts facts, ProxyHeader header) {
        List<ToldOrigin.Tlv> tlvs = own.of(facts, header.tlvs());
        if (!header.passOn() || facts.told().isEmpty()) {
            return tlvs;
        }
        List<Integer> said = tlvs.stream().map(ToldOrigin.Tlv::type).toList();
        List<ToldOrigin.Tlv> all = new ArrayList<>(tlvs);
        for (ToldOrigin.Tlv told : facts.told().get().tlvs()) {
            if (!said.contains(told.type()) && told.type() != BinaryHeader.TYPE_CRC32C && told.type() != BinaryHeader.TYPE_NOOP) {
                all.add(told);
            }
        }
        return all;
    }
}
