// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.model.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The configuration, checked. See {@link DnsConfig} for each value.
 *
 * @param servers chosen servers; none: those of the system
 * @param deny addresses that no answer may bring
 */
record DnsSettings(List<InetSocketAddress> servers, Duration timeout, Duration minTtl, Duration maxTtl, Duration stale, Duration negativeTtl,
        int maxNames, int maxLookups, List<Cidr> deny) {
    private static final int DEFAULT_PORT = 53;
    private static final int MAX_PORT = 65_535;

    DnsSettings {
        servers = List.copyOf(servers);
        deny = List.copyOf(deny);
    }

    /** Without addresses that are denied. */
    DnsSettings(List<InetSocketAddress> servers, Duration timeout, Duration minTtl, Duration maxTtl, Duration stale, Duration negativeTtl,
            int maxNames, int maxLookups) {
        this(servers, timeout, minTtl, maxTtl, stale, negativeTtl, maxNames, maxLookups, List.of());
    }

    /** What the table sets, whose bounds hold by its declaration. */
    static DnsSettings of(DnsConfig config) {
        return new DnsSettings(Arrays.stream(config.servers()).map(DnsSettings::server).toList(), Duration.ofMillis(config.timeout_ms()),
            Duration.ofMillis(config.min_ttl_ms()), Duration.ofMillis(config.max_ttl_ms()), Duration.ofMillis(config.stale_ms()),
            Duration.ofMillis(config.negative_ttl_ms()), config.max_names(), config.max_lookups(),
            Arrays.stream(config.deny()).map(block -> Cidr.parse(block).orElseThrow(() ->
                new IllegalArgumentException("deny: blocks of addresses such as 10.0.0.0/8, not " + block))).toList());
    }

    /** {@code 192.0.2.53}, {@code 192.0.2.53:5353}, {@code 2001:db8::1} or {@code [2001:db8::1]:5353}. */
    static InetSocketAddress server(String text) {
        int bracket = text.indexOf(']');
        int colon = text.lastIndexOf(':');
        boolean hasPort = bracket >= 0 ? colon > bracket : colon >= 0 && colon == text.indexOf(':');
        String host = hasPort ? text.substring(0, colon) : text;
        try {
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : DEFAULT_PORT;
            Optional<InetAddress> address = Literals.address(unbracketed(host));
            if (address.isPresent() && port >= 1 && port <= MAX_PORT) {
                return new InetSocketAddress(address.get(), port);
            }
            throw new IllegalArgumentException("servers: an address, or an address and a port such as [2001:db8::1]:5353, not " + text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("servers: a port is a number, 1..65535, not in " + text, e);
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** An answer's time to live, as it is kept here. */
    Duration clamped(Duration ttl) {
        return max(minTtl, min(ttl, maxTtl));
    }

    /** A negative answer's. */
    Duration negative(Duration ttl) {
        return max(negativeTtl, min(ttl, maxTtl));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
