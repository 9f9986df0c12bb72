// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which connections of its ports a rule takes. Immutable.
 *
 * @param kind protocol that an inspector must recognise, {@code "tls"} or, of datagrams, {@code "quic"}, where the rule is for both protocols
 *     {@code "tls"} in place of either ({@link Rule#kind}); {@link #REST} for whatever no inspector of the port recognises; empty when any will do
 * @param name name that the client must ask for: of TLS or QUIC, or of a protocol whose inspector reads one; its kind is then given
 * @param alpn application protocols of which a client of TLS or QUIC must offer one; empty for any
 * @param sources clients that it takes
 * @param silence with {@link #REST}: how long a client may be silent before it counts as one that waits for the server to speak first
 */
public record Match(Optional<String> kind, Optional<HostPattern> name, List<String> alpn, SourceFilter sources, Duration silence) {
    /** Kind of what nobody recognises. */
    public static final String REST = "any";
    /** Longest name of a kind. */
    public static final int MAX_KIND = 32;
    /** Most application protocols of a rule. */
    public static final int MAX_ALPN = 16;
    /** Silence when nothing else is said. */
    public static final Duration DEFAULT_SILENCE = Duration.ofMillis(500);
    /** Every connection; on a port that other rules share by name, the TLS connections that no name matches. */
    public static final Match ANY = new Match(Optional.empty(), Optional.empty(), List.of(), SourceFilter.ANY, DEFAULT_SILENCE);

    /**
     * Checks that the parts fit.
     *
     * @throws IllegalArgumentException if a name is asked for of no kind in particular, or ALPN of a kind without a hello
     */
    public Match {
        alpn = List.copyOf(alpn);
        if (name.isPresent() && kind.filter(its -> !its.equals(REST)).isEmpty()) {
            throw new IllegalArgumentException("a name is asked for in a protocol; say which");
        }
        if (!alpn.isEmpty() && kind.filter(Prelude::isHello).isEmpty()) {
            throw new IllegalArgumentException("only TLS and QUIC offer application protocols, not " + kind.orElse("everything"));
        }
    }

    /** TLS connections that ask for a name, or every connection. */
    public static Match ofSni(Optional<HostPattern> sni) {
        return ofSni(Protocols.TCP, sni);
    }

    /** Clients of these protocols whose hello asks for a name, or all of them. */
    public static Match ofSni(Protocols protocols, Optional<HostPattern> sni) {
        return sni.isPresent() ? ofName(protocols.helloKind(), sni.get()) : ANY;
    }

    /** Connections of a kind that ask for a name. */
    public static Match ofName(String kind, HostPattern name) {
        return new Match(Optional.of(kind), Optional.of(name), List.of(), SourceFilter.ANY, DEFAULT_SILENCE);
    }

    /** Connections that an inspector recognises. */
    public static Match ofKind(String kind) {
        return new Match(Optional.of(kind), Optional.empty(), List.of(), SourceFilter.ANY, DEFAULT_SILENCE);
    }

    /** The same for some clients only. */
    public Match from(SourceFilter clients) {
        return new Match(kind, name, alpn, clients, silence);
    }

    /** The same for clients of TLS or QUIC that offer one of these. */
    public Match offering(List<String> protocols) {
        return new Match(kind, name, protocols, sources, silence);
    }

    /** The name that the hello of TLS or QUIC must ask for, if the rule requires one. */
    public Optional<HostPattern> sni() {
        return kind.filter(Prelude::isHello).isPresent() ? name : Optional.empty();
    }

    /** Whether it takes some clients only, or some application protocols, so that another rule may require the same name or kind. */
    public boolean conditional() {
        return !alpn.isEmpty() || !sources.equals(SourceFilter.ANY);
    }

    /** Whether the client offers one of the application protocols, or none is asked for. */
    boolean offeredBy(Prelude prelude) {
        if (alpn.isEmpty()) {
            return true;
        }
        for (int i = 0; i < alpn.size(); i++) {
            if (prelude.alpn().contains(alpn.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text can be a kind: lower-case letters, digits and dashes, a letter first, at most {@value #MAX_KIND}. */
    public static boolean isKind(String text) {
        return text.length() <= MAX_KIND && text.matches("[a-z][a-z0-9-]*");
    }
}
