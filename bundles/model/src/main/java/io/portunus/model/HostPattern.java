// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Locale;

/**
 * The name a route asks for: an exact host name, or {@code *.} and a parent, where the star stands for exactly one label. Names are
 * compared in lower-case ASCII, as RFC 6066 §3 sends them (A-labels).
 *
 * @param name the exact name, or the parent of a wildcard, in lower case without a trailing dot
 * @param wildcard whether one label in front of {@code name} is left open
 */
public record HostPattern(String name, boolean wildcard) {
    /** Longest name (RFC 1035 §2.3.4). */
    public static final int MAX_NAME = 253;
    /** Longest label (RFC 1035 §2.3.4). */
    public static final int MAX_LABEL = 63;

    /**
     * Reads {@code "db.example.com"} or {@code "*.example.com"}.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static HostPattern parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        boolean wildcard = lower.startsWith("*.");
        String name = wildcard ? lower.substring(2) : lower;
        checkName(name, text);
        if (wildcard && name.indexOf('.') < 0) {
            throw new IllegalArgumentException("the wildcard '" + text + "' would match a whole top-level domain; give it a parent with a dot");
        }
        return new HostPattern(name, wildcard);
    }

    private static void checkName(String name, String text) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a name has 1 to " + MAX_NAME + " characters, '" + text + "' has not");
        }
        if (Hostnames.looksLikeAddress(name)) {
            throw new IllegalArgumentException("'" + text + "' is an IP address; TLS clients send names only (RFC 6066)");
        }
        for (String label : name.split("\\.", -1)) {
            if (!Hostnames.isLabel(label)) {
                throw new IllegalArgumentException("'" + label + "' in '" + text + "' is no label: 1 to 63 of a-z, 0-9 and '-', not at its ends");
            }
        }
    }

    /** Whether a normalised (lower-case, no trailing dot) name matches. */
    public boolean matches(String host) {
        if (!wildcard) {
            return host.equals(name);
        }
        int dot = host.indexOf('.');
        return dot > 0 && host.length() - dot - 1 == name.length() && host.endsWith(name);
    }

    @Override
    public String toString() {
        return wildcard ? "*." + name : name;
    }
}
