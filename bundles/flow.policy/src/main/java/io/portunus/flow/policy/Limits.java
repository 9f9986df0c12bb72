// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.model.PolicySettings;
import io.portunus.model.RateLimit;
import io.portunus.model.Rule;

/**
 * What a rule sets. Immutable.
 *
 * @param in bytes from clients
 * @param out bytes to clients
 * @param opened new connections
 * @param most open connections; 0 for any number
 */
record Limits(Pace in, Pace out, Pace opened, long most) {
    /** Nothing is limited. */
    static final Limits NONE = new Limits(Pace.ANY, Pace.ANY, Pace.ANY, 0);

    /**
     * A rate.
     *
     * @param rate tokens a second; 0 for any number
     * @param burst tokens at once
     */
    record Pace(long rate, long burst) {
        /** No limit. */
        static final Pace ANY = new Pace(0, 0);
    }

    /** The limits of a rule. */
    static Limits of(Rule rule) {
        PolicySettings settings = rule.governance().policies().get(RateLimit.KIND);
        return settings == null ? NONE : new Limits(
            pace(settings, RateLimit.BANDWIDTH_IN_BPS, RateLimit.BANDWIDTH_IN_BURST),
            pace(settings, RateLimit.BANDWIDTH_OUT_BPS, RateLimit.BANDWIDTH_OUT_BURST),
            pace(settings, RateLimit.NEW_CONNECTIONS_PER_SEC, RateLimit.NEW_CONNECTIONS_BURST),
            settings.number(RateLimit.CONCURRENT_CONNECTIONS).filter(most -> most > 0).orElse(0L));
    }

    /** A burst that nobody sets is what the rate brings in a second. What no reader of rules lets through is no limit. */
    private static Pace pace(PolicySettings settings, String rate, String burst) {
        return settings.number(rate).filter(its -> its > 0)
            .map(its -> new Pace(its, Math.max(1, settings.number(burst).orElse(its)))).orElse(Pace.ANY);
    }
}
