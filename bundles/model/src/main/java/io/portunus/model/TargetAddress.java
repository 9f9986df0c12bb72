// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Locale;

/**
 * Where a rule sends its bytes: a host, by address or by name, and one port or as many ports as the rule listens on.
 *
 * @param host IPv4 literal, IPv6 literal without brackets, or a lower-case host name
 * @param ports the target port, or the ports that the listen ports map to one by one
 */
public record TargetAddress(String host, PortRange ports) {
    /**
     * Reads {@code "host:port"}, {@code "[v6]:port"} or either with a port range.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static TargetAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' has no port; write host:port");
        }
        String host = text.substring(0, colon);
        PortRange ports = PortRange.parse(text.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            return new TargetAddress(ipv6(host.substring(1, host.length() - 1)), ports);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address is written in brackets: [" + host + "]:" + ports);
        }
        return new TargetAddress(nameOrIpv4(host), ports);
    }

    private static String ipv6(String literal) {
        return IpLiterals.parse(literal).filter(a -> literal.indexOf(':') >= 0)
            .map(a -> literal.toLowerCase(Locale.ROOT))
            .orElseThrow(() -> new IllegalArgumentException("'" + literal + "' is not an IPv6 address"));
    }

    private static String nameOrIpv4(String text) {
        String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (Hostnames.looksLikeAddress(host)) {
            return IpLiterals.parse(host).map(a -> host)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IPv4 address"));
        }
        if (host.isEmpty() || host.length() > HostPattern.MAX_NAME) {
            throw new IllegalArgumentException("a host name has 1 to " + HostPattern.MAX_NAME + " characters, '" + text + "' has not");
        }
        for (String label : host.split("\\.", -1)) {
            if (!Hostnames.isLabel(label)) {
                throw new IllegalArgumentException("'" + label + "' in '" + text + "' is no label of a host name (RFC 1123)");
            }
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /** The same host with a single port. */
    public TargetAddress withPort(int port) {
        return new TargetAddress(host, PortRange.of(port));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + ports;
    }
}
