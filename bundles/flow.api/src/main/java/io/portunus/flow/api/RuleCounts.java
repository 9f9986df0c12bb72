// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

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
 */
public record RuleCounts(String rule, String ruleId, long bytesIn, long bytesOut, long active, long total, long dnsFailures,
        long connectFailures, long sniExact, long sniWildcard, long sniFallback, boolean sni) {
}
