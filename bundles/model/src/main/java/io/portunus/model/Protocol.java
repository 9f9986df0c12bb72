// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Arrays;
import java.util.Optional;

/** Protocols of the transport layer that are forwarded. A port of one has nothing to do with the same port of another. */
public enum Protocol {
    /** The Transmission Control Protocol (RFC 9293). */
    TCP("tcp", Prelude.TLS, Prelude.TLS),
    /** The User Datagram Protocol (RFC 768). */
    UDP("udp", Prelude.QUIC, Match.REST);

    private final String code;
    private final String helloKind;
    private final String fallbackKind;

    Protocol(String code, String helloKind, String fallbackKind) {
        this.code = code;
        this.helloKind = helloKind;
        this.fallbackKind = fallbackKind;
    }

    /** The protocol of a code. */
    public static Optional<Protocol> of(String code) {
        return Arrays.stream(values()).filter(its -> its.code.equals(code)).findFirst();
    }

    /** The protocol as operators and surfaces write it, which is the kind of its handler, too. */
    public String code() {
        return code;
    }

    /** The kind whose names rules ask for as {@code sni}: a ClientHello, of TLS or in packets of QUIC. */
    public String helloKind() {
        return helloKind;
    }

    /**
     * What a rule without a kind takes on a port that other rules share by name. Of connections it is the rest of TLS; of datagrams it is all the
     * rest, QUIC or not, for whoever listens on a port of UDP has one service there.
     */
    String fallbackKind() {
        return fallbackKind;
    }

    /** Whether a rule of a kind takes what one without a kind takes on a port that other rules share by name. */
    boolean fallsBackTo(String kind) {
        return kind.equals(helloKind) && kind.equals(fallbackKind);
    }
}
