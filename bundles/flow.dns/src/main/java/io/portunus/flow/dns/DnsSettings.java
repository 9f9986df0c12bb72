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
    private static final int MAX_SERVERS = 8;
    private static final int MAX_DENIED = 256;
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;

    DnsSettings {
        servers = List.copyOf(servers);
        deny = List.copyOf(deny);
    }

    /** Without addresses that are denied. */
    DnsSettings(List<InetSocketAddress> servers, Duration timeout, Duration minTtl, Duration maxTtl, Duration stale, Duration negativeTtl,
            int maxNames, int maxLookups) {
        this(servers, timeout, minTtl, maxTtl, stale, negativeTtl, maxNames, maxLookups, List.of());
    }

    /** @throws IllegalArgumentException with the key and what it may be, if a value is not allowed */
    static DnsSettings of(DnsConfig config) {
        if (config.servers().length > MAX_SERVERS) {
            throw new IllegalArgumentException("servers: at most " + MAX_SERVERS + ", not " + config.servers().length);
        }
        long minTtl = within("min.ttl.ms", config.min_ttl_ms(), 1000, DAY);
        return new DnsSettings(
            Arrays.stream(config.servers()).map(DnsSettings::server).toList(),
            Duration.ofMillis(within("timeout.ms", config.timeout_ms(), 100, 60_000)),
            Duration.ofMillis(minTtl),
            Duration.ofMillis(within("max.ttl.ms", config.max_ttl_ms(), minTtl, DAY)),
            Duration.ofMillis(within("stale.ms", config.stale_ms(), 0, DAY)),
            Duration.ofMillis(within("negative.ttl.ms", config.negative_ttl_ms(), 0, HOUR)),
            (int) within("max.names", config.max_names(), 1, 65_536),
            (int) within("max.lookups", config.max_lookups(), 1, 1024),
            denied(config.deny()));
    }

    private static List<Cidr> denied(String... blocks) {
        if (blocks.length > MAX_DENIED) {
            throw new IllegalArgumentException("deny: at most " + MAX_DENIED + " blocks, not " + blocks.length);
        }
        return Arrays.stream(blocks).map(text -> Cidr.parse(text)
            .orElseThrow(() -> new IllegalArgumentException("deny: blocks of addresses such as 10.0.0.0/8, not " + text))).toList();
    }

    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + least + ".." + most + ", not " + value);
        }
        return value;
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
