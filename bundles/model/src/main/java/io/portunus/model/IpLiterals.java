// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** Reads IP literals without ever asking a resolver, and writes them. */
public final class IpLiterals {
    private static final int GROUPS = 8;

    private IpLiterals() {
    }

    /**
     * Writes an address as RFC 5952 recommends, which the JDK does not: zeros shortened. A zone stays, as without it a link-local address
     * is none (RFC 4007 §11).
     */
    public static String text(InetAddress address) {
        return append(new StringBuilder(), address).toString();
    }

    /** The same at the end of what the caller has, so that nothing is made for it. */
    static StringBuilder append(StringBuilder text, InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return dotted(text, bytes);
        }
        shortened(text, bytes);
        if (address instanceof Inet6Address scoped && (scoped.getScopeId() != 0 || scoped.getScopedInterface() != null)) {
            String jdk = address.getHostAddress();
            int zone = jdk.indexOf('%');
            text.append(jdk, zone < 0 ? jdk.length() : zone, jdk.length());
        }
        return text;
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

    private static StringBuilder dotted(StringBuilder text, byte[] address) {
        return text.append(address[0] & 0xff).append('.').append(address[1] & 0xff).append('.').append(address[2] & 0xff).append('.')
            .append(address[3] & 0xff);
    }

    private static void shortened(StringBuilder text, byte[] address) {
        int from = 0;
        int length = 0;
        for (int at = 0; at < GROUPS; at++) {
            int zeros = zeros(address, at);
            // RFC 5952 §4.2.3: the longest run, and of equal ones the first.
            if (zeros > length) {
                from = at;
                length = zeros;
            }
        }
        // §4.2.2: one group alone is not shortened.
        if (length < 2) {
            groups(text, address, 0, GROUPS);
            return;
        }
        groups(text, address, 0, from);
        text.append("::");
        groups(text, address, from + length, GROUPS);
    }

    private static int zeros(byte[] address, int from) {
        int at = from;
        while (at < GROUPS && group(address, at) == 0) {
            at++;
        }
        return at - from;
    }

    private static void groups(StringBuilder text, byte[] address, int from, int to) {
        for (int at = from; at < to; at++) {
            if (at > from) {
                text.append(':');
            }
            hexadecimal(text, group(address, at));
        }
    }

    /** Lower case, without leading zeros (§4.1, §4.3). */
    private static void hexadecimal(StringBuilder text, int group) {
        int digits = Math.max(1, (Integer.SIZE + 3 - Integer.numberOfLeadingZeros(group)) / 4);
        for (int at = digits - 1; at >= 0; at--) {
            text.append(Character.forDigit(group >> 4 * at & 0xf, 16));
        }
    }

    private static int group(byte[] address, int at) {
        return (address[2 * at] & 0xff) << 8 | address[2 * at + 1] & 0xff;
    }
}
