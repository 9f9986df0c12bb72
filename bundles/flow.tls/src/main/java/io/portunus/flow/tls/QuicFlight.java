// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.model.Prelude;
import java.util.Optional;

/**
 * The Initial packets that a client sends to one destination id: one hello, and the keys of whoever knows that id. A client that was asked to try
 * again (RFC 9000 §17.2.5), or begins anew from its port, has another one. Confined to one thread.
 */
final class QuicFlight {
    private final LongHeader first;
    private final InitialKeys keys;
    private final CryptoStream stream = new CryptoStream();
    private Optional<HelloFlaw> flaw = Optional.empty();
    private Optional<Prelude> prelude = Optional.empty();

    /** Begins with the header of a packet. */
    QuicFlight(LongHeader first) {
        this.first = first;
        keys = InitialKeys.ofClient(first.version(), first.destination());
    }

    boolean has(LongHeader header) {
        return first.sameDestination(header);
    }

    /** Bytes that it has taken. */
    int bytes() {
        return stream.memory();
    }

    /** What is wrong with it. */
    Optional<HelloFlaw> flaw() {
        return flaw;
    }

    /** What the hello has, once it is whole and good. */
    Optional<Prelude> prelude() {
        return prelude;
    }

    /**
     * Takes one of its Initial packets. One that cannot be opened changes nothing: anybody on the way can send it.
     *
     * @return whether it could be opened
     */
    boolean take(byte[] datagram, LongHeader header) {
        Optional<InitialPacket> packet = InitialPacket.open(datagram, header, keys);
        if (packet.isPresent()) {
            flaw = InitialFrames.take(packet.get(), stream);
            if (flaw.isEmpty()) {
                stream.clientHello().ifPresent(this::parse);
            }
        }
        return packet.isPresent();
    }

    private void parse(Octets clientHello) {
        ClientHelloParser parser = new ClientHelloParser();
        flaw = parser.parse(clientHello).map(HelloFlaw.class::cast);
        prelude = flaw.isPresent() ? Optional.empty() : Optional.of(parser.prelude(Prelude.QUIC));
    }
}
