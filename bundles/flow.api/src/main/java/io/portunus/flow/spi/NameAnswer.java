// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the name of a host or of a service.
 *
 * @param ipv4 its IPv4 addresses, in the order of the answer
 * @param ipv6 its IPv6 addresses, in the order of the answer
 * @param hosts what the records of a service name, those of the best priority first; empty for the name of a host
 * @param validUntil until when it is taken from memory
 * @param stale whether it has ended, and nothing newer could be had
 * @param server who answered, {@code "192.0.2.53:53"}; empty if nobody did
 * @param problem why the last look-up failed; empty if it did not
 */
public record NameAnswer(List<InetAddress> ipv4, List<InetAddress> ipv6, List<ServiceHost> hosts, Instant validUntil, boolean stale,
        String server, Optional<Problem> problem) {
    /** Why a look-up failed. */
    public enum Problem {
        /** There is no such name. */
        NXDOMAIN("nxdomain"),
        /** The name has no address, or the service no record that can be used. */
        NODATA("nodata"),
        /** The service is decidedly not available at its domain (RFC 2782). */
        NO_SERVICE("no_service"),
        /** It has addresses, none of which the configuration lets through. */
        DENIED("denied"),
        /** The server failed, or refused. */
        SERVFAIL("servfail"),
        /** No answer in time. */
        TIMEOUT("timeout"),
        /** Too many look-ups are under way. */
        OVERLOADED("resolver_overloaded"),
        /** Something else. */
        OTHER("other");

        private final String code;

        Problem(String code) {
            this.code = code;
        }

        /** The reason as surfaces show it. */
        public String code() {
            return code;
        }
    }

    /** Copies the lists. */
    public NameAnswer {
        ipv4 = List.copyOf(ipv4);
        ipv6 = List.copyOf(ipv6);
        hosts = List.copyOf(hosts);
    }

    /** Of the name of a host. */
    public NameAnswer(List<InetAddress> ipv4, List<InetAddress> ipv6, Instant validUntil, boolean stale, String server,
            Optional<Problem> problem) {
        this(ipv4, ipv6, List.of(), validUntil, stale, server, problem);
    }

    /** Whether there is an address, or a host. */
    public boolean usable() {
        return !ipv4.isEmpty() || !ipv6.isEmpty() || !hosts.isEmpty();
    }

    /** The same until another time. */
    public NameAnswer until(Instant end, boolean nowStale) {
        return new NameAnswer(ipv4, ipv6, hosts, end, nowStale, server, problem);
    }

    /** All addresses, the families in turn (RFC 8305 §4), so that a family that does not work costs one attempt and not all. */
    public List<InetAddress> inTurn(boolean ipv6First) {
        List<InetAddress> first = ipv6First ? ipv6 : ipv4;
        List<InetAddress> second = ipv6First ? ipv4 : ipv6;
        List<InetAddress> all = new ArrayList<>(first.size() + second.size());
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            if (i < first.size()) {
                all.add(first.get(i));
            }
            if (i < second.size()) {
                all.add(second.get(i));
            }
        }
        return all;
    }
}
