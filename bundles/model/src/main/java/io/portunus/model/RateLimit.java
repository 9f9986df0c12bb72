// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The limits of a rule, as settings of the policy {@value #KIND}: the keys, their bounds, and what can be wrong with them. A pure function; whoever
 * reads rules asks it.
 */
public final class RateLimit {
    /** The policy that limits by them. */
    public static final String KIND = "limits";
    /** Bytes a second from clients. */
    public static final String BANDWIDTH_IN_BPS = "bandwidth_in_bps";
    /** Bytes a second to clients. */
    public static final String BANDWIDTH_OUT_BPS = "bandwidth_out_bps";
    /** Bytes from clients at once. */
    public static final String BANDWIDTH_IN_BURST = "bandwidth_in_burst";
    /** Bytes to clients at once. */
    public static final String BANDWIDTH_OUT_BURST = "bandwidth_out_burst";
    /** New connections a second. */
    public static final String NEW_CONNECTIONS_PER_SEC = "new_connections_per_sec";
    /** New connections at once. */
    public static final String NEW_CONNECTIONS_BURST = "new_connections_burst";
    /** Open connections. */
    public static final String CONCURRENT_CONNECTIONS = "concurrent_connections";
    /** What there is not. */
    public static final String CONCURRENT_CONNECTIONS_BURST = "concurrent_connections_burst";
    /** Most bytes a second, a terabit: beyond it a datagram takes less than the clock can measure. */
    public static final long MAX_BANDWIDTH = 125_000_000_000L;
    /** Most connections, open and in a second. */
    public static final long MAX_CONNECTIONS = 1_000_000;
    /** A burst is a hundredth of what the rate brings in a second at least. */
    public static final long MIN_BURST_SHARE = 100;
    /** A burst is what the rate brings in so many seconds at most. */
    public static final long MAX_BURST_SECONDS = 60;

    /** Rates with their bursts, in the order of the file. */
    private static final List<Pair> PAIRS = List.of(new Pair(BANDWIDTH_IN_BPS, BANDWIDTH_IN_BURST, MAX_BANDWIDTH),
        new Pair(BANDWIDTH_OUT_BPS, BANDWIDTH_OUT_BURST, MAX_BANDWIDTH),
        new Pair(NEW_CONNECTIONS_PER_SEC, NEW_CONNECTIONS_BURST, MAX_CONNECTIONS));

    private RateLimit() {
    }

    private record Pair(String rate, String burst, long most) {
    }

    /**
     * Something that is wrong.
     *
     * @param key of which setting
     * @param code stable code
     * @param text what is wrong and what to do
     */
    public record Flaw(String key, ProblemCode code, String text) {
    }

    /** All that is wrong with limits; empty when nothing is. */
    public static List<Flaw> check(PolicySettings limits) {
        List<Flaw> flaws = new ArrayList<>();
        if (limits.values().containsKey(CONCURRENT_CONNECTIONS_BURST)) {
            flaws.add(new Flaw(CONCURRENT_CONNECTIONS_BURST, RuleCode.RATE_LIMIT_BURST_UNSUPPORTED,
                "open connections have no burst; remove it, and raise concurrent_connections"));
        }
        PAIRS.forEach(pair -> check(limits, pair, flaws));
        cap(limits, CONCURRENT_CONNECTIONS, MAX_CONNECTIONS).ifPresent(flaws::add);
        return List.copyOf(flaws);
    }

    private static void check(PolicySettings limits, Pair pair, List<Flaw> flaws) {
        Optional<Flaw> ofRate = cap(limits, pair.rate, pair.most);
        Optional<Long> burst = limits.number(pair.burst);
        if (ofRate.isPresent()) {
            flaws.add(ofRate.get());
        } else if (burst.isPresent() && limits.number(pair.rate).isEmpty()) {
            flaws.add(new Flaw(pair.burst, RuleCode.RATE_LIMIT_BURST_WITHOUT_RATE, "a burst is of a rate; add " + pair.rate + ", or remove it"));
        } else if (burst.isPresent()) {
            long rate = limits.number(pair.rate).orElseThrow();
            long least = Math.max(1, rate / MIN_BURST_SHARE);
            if (burst.get() < least || burst.get() > rate * MAX_BURST_SECONDS) {
                flaws.add(new Flaw(pair.burst, RuleCode.RATE_LIMIT_BURST_RANGE, burst.get() + " is outside " + least + " to "
                    + rate * MAX_BURST_SECONDS + ", a hundredth of " + pair.rate + " to sixty times as much; write a number within"));
            }
        }
    }

    private static Optional<Flaw> cap(PolicySettings limits, String key, long most) {
        Optional<Long> cap = limits.number(key);
        if (cap.filter(number -> number <= 0).isPresent()) {
            return Optional.of(new Flaw(key, RuleCode.RATE_LIMIT_CAP_ZERO, "a limit of " + cap.get() + " lets nothing through; write 1 to " + most
                + ", remove the key for no limit, or set enabled = false"));
        }
        return cap.filter(number -> number > most).map(number -> new Flaw(key, RuleCode.RATE_LIMIT_CAP_RANGE, number + " is more than " + most
            + ", beyond which nothing is measured; write a number within, or remove the key for no limit"));
    }
}
