// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Locale;

/**
 * Where a rule sends its bytes: a host and its ports, or a service whose hosts and ports the DNS gives. Two shapes, and one text for each,
 * which no other target of the rule has.
 */
public sealed interface TargetAddress {
    /** What is looked up, unless it is an address: the host, or the service. */
    String name();

    /** How many ports there are for those that the rule listens on; a service has one, whichever its records name. */
    int width();

    /** The same target for one of the ports that the rule listens on. */
    TargetAddress forPort(int port);

    /** Its text at the end of what the caller has, so that nothing is made for it. */
    StringBuilder append(StringBuilder text);

    /**
     * A host, by address or by name, and one port or as many ports as the rule listens on.
     *
     * @param host IPv4 literal, IPv6 literal without brackets, or a lower-case host name; with a dot at its end it is whole, and no search list is
     *     for it
     * @param ports the target port, or the ports that the listen ports map to one by one
     */
    record Host(String host, PortRange ports) implements TargetAddress {
        @Override
        public String name() {
            return host;
        }

        @Override
        public int width() {
            return ports.width();
        }

        @Override
        public Host forPort(int port) {
            return new Host(host, PortRange.of(port));
        }

        @Override
        public StringBuilder append(StringBuilder text) {
            boolean bracketed = host.indexOf(':') >= 0;
            (bracketed ? text.append('[').append(host).append(']') : text.append(host)).append(':');
            return ports.append(text);
        }

        @Override
        public String toString() {
            return append(new StringBuilder()).toString();
        }
    }

    /**
     * A service: what its SRV records name (RFC 2782).
     *
     * @param name the name that has the records, {@code "_postgres._tcp.db.example"}, in lower case
     */
    record Service(String name) implements TargetAddress {
        @Override
        public int width() {
            return 1;
        }

        @Override
        public Service forPort(int port) {
            return this;
        }

        @Override
        public StringBuilder append(StringBuilder text) {
            return text.append(name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Reads {@code "host:port"}, {@code "[v6]:port"}, either with a port range, or a service, {@code "_service._tcp.domain"}.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static TargetAddress parse(String text) {
        return ServiceNames.looksLikeService(text) ? new Service(ServiceNames.parse(text)) : parseHost(text);
    }

    /**
     * Reads {@code "host:port"}, {@code "[v6]:port"} or either with a port range.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static Host parseHost(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' has no port");
        }
        String host = text.substring(0, colon);
        PortRange ports = PortRange.parse(text.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            return new Host(ipv6(host.substring(1, host.length() - 1)), ports);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address is written in brackets: [" + host + "]:" + ports);
        }
        return new Host(nameOrIpv4(host), ports);
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
                throw new IllegalArgumentException("'" + label + "' in '" + text + "' is no label of a host name (RFC 1123)" + Hostnames.hint(host));
            }
        }
        if (!Hostnames.isName(host)) {
            throw new IllegalArgumentException("'" + text + "' is the name of a service and no host, as it begins with two underscores");
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
