// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Optional;

/**
 * Which connections of its ports a rule wants, by their first bytes. Immutable.
 *
 * @param kind protocol that an inspector must recognise, {@code "tls"}; empty when any will do
 * @param sni name that a TLS client must ask for; its kind is then {@link Prelude#TLS}
 */
public record Match(Optional<String> kind, Optional<HostPattern> sni) {
    /** Longest name of a kind. */
    public static final int MAX_KIND = 32;
    /** Every connection; on a port that other rules share by name, the TLS connections that no name matches. */
    public static final Match ANY = new Match(Optional.empty(), Optional.empty());

    /**
     * Checks that the parts fit.
     *
     * @throws IllegalArgumentException if a name is asked for of another kind than TLS
     */
    public Match {
        if (sni.isPresent() && !kind.equals(Optional.of(Prelude.TLS))) {
            throw new IllegalArgumentException("only TLS has names, not " + kind.orElse("everything"));
        }
    }

    /** TLS connections that ask for a name, or every connection. */
    public static Match ofSni(Optional<HostPattern> sni) {
        return sni.isPresent() ? new Match(Optional.of(Prelude.TLS), sni) : ANY;
    }

    /** Connections that an inspector recognises. */
    public static Match ofKind(String kind) {
        return new Match(Optional.of(kind), Optional.empty());
    }

    /** Whether a text can be a kind: lower-case letters, digits and dashes, a letter first, at most {@value #MAX_KIND}. */
    public static boolean isKind(String text) {
        return text.length() <= MAX_KIND && text.matches("[a-z][a-z0-9-]*");
    }
}
