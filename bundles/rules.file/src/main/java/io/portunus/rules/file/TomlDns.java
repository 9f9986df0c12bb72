// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.IpLiterals;
import io.portunus.model.ProblemCode;
import io.portunus.model.SocketAddresses;
import io.portunus.rules.file.ParsedConfig.DnsSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code [dns]}; what is absent or wrong reads as its default. */
final class TomlDns {
    private static final DnsSettings DEFAULTS = new DnsSettings(List.of(), Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(300),
        Duration.ofSeconds(30), Duration.ofSeconds(3), 8192, 64, List.of());
    private static final int PORT = 53;
    private static final int MAX_SERVERS = 8;
    private static final ListShape SERVERS = new ListShape(0, MAX_SERVERS, "[\"192.0.2.53\", \"[2001:db8::1]:5353\"]");
    private static final ListShape DENIED = new ListShape(0, 256, "[\"10.0.0.0/8\"]");
    private static final TimeBounds TIMEOUT = TimeBounds.of("100ms", "60s");
    private static final TimeBounds TTL = TimeBounds.of("1s", "24h");
    private static final TimeBounds GRACE = TimeBounds.of("0s", "24h");
    private static final TimeBounds NEGATIVE = TimeBounds.of("0s", "1h");
    private static final int MAX_NAMES = 65_536;
    private static final int MAX_LOOKUPS = 1024;

    private TomlDns() {
    }

    /** Reads the table. */
    static DnsSettings read(TomlSection top) {
        return top.section("dns").map(TomlDns::table).orElse(DEFAULTS);
    }

    private static DnsSettings table(TomlSection dns) {
        dns.checkKeys("dns");
        List<String> servers = dns.list("servers", SERVERS, TomlDns::server).orElse(List.of());
        Optional<Duration> least = dns.time("min_ttl", TTL);
        Optional<Duration> most = dns.time("max_ttl", TTL);
        Duration minTtl = least.orElse(DEFAULTS.minTtl());
        Duration maxTtl = most.orElse(DEFAULTS.maxTtl());
        if (minTtl.compareTo(maxTtl) > 0) {
            dns.problem(ProblemCode.INVALID_VALUE, dns.presentOf("max_ttl", "min_ttl"), "answers would be kept for at least " + minTtl.toSeconds()
                + "s and at most " + maxTtl.toSeconds() + "s; make min_ttl shorter, or max_ttl longer");
        }
        return new DnsSettings(servers, dns.time("timeout", TIMEOUT).orElse(DEFAULTS.timeout()), minTtl, maxTtl,
            dns.time("stale", GRACE).orElse(DEFAULTS.stale()), dns.time("negative_ttl", NEGATIVE).orElse(DEFAULTS.negativeTtl()),
            count(dns, "max_names", MAX_NAMES, DEFAULTS.maxNames()), count(dns, "max_lookups", MAX_LOOKUPS, DEFAULTS.maxLookups()),
            dns.list("deny", DENIED, TomlProxy::block).orElse(List.of()));
    }

    private static int count(TomlSection dns, String key, int most, int absent) {
        return Math.toIntExact(dns.number(key, 1, most, ProblemCode.INVALID_VALUE).orElse((long) absent));
    }

    /** A server with its port, {@code "192.0.2.53:53"}, whichever way it was written. */
    private static String server(String text) {
        return IpLiterals.parse(text).map(address -> new InetSocketAddress(address, PORT)).or(() -> SocketAddresses.parse(text))
            .filter(server -> server.getPort() != 0 && !server.getAddress().isMulticastAddress() && !server.getAddress().isAnyLocalAddress())
            .map(SocketAddresses::text)
            .orElseThrow(() -> new IllegalArgumentException(TomlSection.echo(text)
                + " is no address of a server; write an IP address, or ip:port with an IPv6 address in brackets"));
    }
}
