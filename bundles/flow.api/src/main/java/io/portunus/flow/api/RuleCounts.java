// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.Map;

/**
 * Counters of one rule since the process started; they never go back while the rule exists.
 *
 * @param rule name
 * @param ruleId id
 * @param bytesIn bytes from clients to targets
 * @param bytesOut bytes from targets to clients
 * @param active flows open now
 * @param total flows routed to the rule
 * @param dnsFailures failed look-ups of its target
 * @param connectFailures failed connections to its target
 * @param sniExact flows routed by exact name
 * @param sniWildcard flows routed by wildcard
 * @param sniFallback flows routed as the fallback
 * @param sni whether the rule takes part in routing by name
 * @param datagrams what it has of datagrams; {@link Datagrams#NONE} for a rule of connections
 */
public record RuleCounts(String rule, String ruleId, long bytesIn, long bytesOut, long active, long total, long dnsFailures,
        long connectFailures, long sniExact, long sniWildcard, long sniFallback, boolean sni, Datagrams datagrams) {
    /** Of a rule of connections. */
    public RuleCounts(String rule, String ruleId, long bytesIn, long bytesOut, long active, long total, long dnsFailures,
            long connectFailures, long sniExact, long sniWildcard, long sniFallback, boolean sni) {
        this(rule, ruleId, bytesIn, bytesOut, active, total, dnsFailures, connectFailures, sniExact, sniWildcard, sniFallback, sni,
            Datagrams.NONE);
    }

    /** Whether the rule is of datagrams. */
    public boolean ofDatagrams() {
        return !datagrams.dropped.isEmpty();
    }

    /** Connections open now. */
    public long connections() {
        return Math.max(0, active - datagrams.active);
    }

    /** Sessions of datagrams open now. */
    public long sessions() {
        return datagrams.active;
    }

    /**
     * Counters of datagrams.
     *
     * @param in handed to targets
     * @param out handed to clients
     * @param dropped not forwarded, by cause; every cause is there
     * @param unreachable sessions that ended because their target was found to be unreachable (ICMP)
     * @param active sessions open now
     */
    public record Datagrams(long in, long out, Map<DatagramDrop, Long> dropped, long unreachable, long active) {
        /** Nothing has come. */
        public static final Datagrams NONE = new Datagrams(0, 0, Map.of(), 0, 0);

        /** Copies the map. */
        public Datagrams {
            dropped = Map.copyOf(dropped);
        }

        /** Those that were not forwarded for a cause. */
        public long dropped(DatagramDrop why) {
            return dropped.getOrDefault(why, 0L);
        }
    }
}
