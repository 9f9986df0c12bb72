// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.Optional;

/** Reads IP literals without ever asking a resolver. */
public final class IpLiterals {
    private IpLiterals() {
    }

    /**
     * Reads a dotted-quad IPv4 address or an IPv6 address (with or without a zone, without brackets). IPv4-mapped IPv6 addresses are folded to IPv4.
     *
     * @return empty when the text is no literal; no name is ever looked up
     */
    public static Optional<InetAddress> parse(String text) {
        if (text.startsWith("[") || text.indexOf(':') < 0 && !isDottedQuad(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notALiteral) {
            return Optional.empty();
        }
    }

    private static boolean isDottedQuad(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean digits = !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || Integer.parseInt(part) > 255 || part.length() > 1 && part.charAt(0) == '0') {
                return false;
            }
        }
        return true;
    }
}
