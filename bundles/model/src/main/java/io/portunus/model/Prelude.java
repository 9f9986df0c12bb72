// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.List;
import java.util.Optional;

/**
 * What an inspector learned from the prelude of a connection, the first bytes of its client.
 *
 * @param kind protocol seen, {@code "tls"}; empty when nothing was inspected
 * @param serverName name asked for, normalised: lower case, no trailing dot; empty when the client named none, or an address, which is no
 *     name: no route may match one
 * @param alpn application protocols offered, in the client's order
 * @param echOffered whether the ClientHello carries an encrypted one (RFC 9849), or grease in its shape: the name is then the outer one
 */
public record Prelude(String kind, Optional<String> serverName, List<String> alpn, boolean echOffered) {
    /** Kind of a TLS ClientHello. */
    public static final String TLS = "tls";
    /** Kind of a ClientHello in Initial packets of QUIC. */
    public static final String QUIC = "quic";
    /** The prelude of a connection that nobody looked into. */
    public static final Prelude NONE = of("");

    /** Copies the list, and takes an address for no name, whoever read it. */
    public Prelude {
        serverName = serverName.filter(name -> !Hostnames.isAddress(name));
        alpn = List.copyOf(alpn);
    }

    /** Whether a kind is a ClientHello (RFC 8446 §4.1.2), whose names rules ask for as {@code sni}, and which offers application protocols. */
    public static boolean isHello(String kind) {
        return kind.equals(TLS) || kind.equals(QUIC);
    }

    /** A TLS prelude with a name and no ALPN. */
    public static Prelude tls(String serverName) {
        return new Prelude(TLS, Optional.of(serverName), List.of(), false);
    }

    /** A prelude of which nothing but its kind is known. */
    public static Prelude of(String kind) {
        return new Prelude(kind, Optional.empty(), List.of(), false);
    }
}
