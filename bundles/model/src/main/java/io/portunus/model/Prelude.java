// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.List;
import java.util.Optional;

/**
 * What an inspector learned from the first bytes of a connection.
 *
 * @param kind protocol seen, {@code "tls"}; empty when nothing was inspected
 * @param serverName name asked for, normalised: lower case, no trailing dot; empty when the client named none
 * @param alpn application protocols offered, in the client's order
 */
public record Prelude(String kind, Optional<String> serverName, List<String> alpn) {
    /** Kind of a TLS ClientHello. */
    public static final String TLS = "tls";
    /** The prelude of a connection that nobody looked into. */
    public static final Prelude NONE = new Prelude("", Optional.empty(), List.of());

    /** Copies the list. */
    public Prelude {
        alpn = List.copyOf(alpn);
    }

    /** A TLS prelude with a name and no ALPN. */
    public static Prelude tls(String serverName) {
        return new Prelude(TLS, Optional.of(serverName), List.of());
    }
}
