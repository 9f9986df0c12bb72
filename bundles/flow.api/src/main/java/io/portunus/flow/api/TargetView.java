// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A target of a rule at one moment.
 *
 * @param rule name of the rule
 * @param ruleId id of the rule
 * @param target the target as the rule has it, {@code "db.example:5432"}; a host of a service as its records have it
 * @param priority its priority
 * @param weight its weight
 * @param state what it is to new flows
 * @param reason why it is in this state, a code: {@code "refused"}, {@code "timeout"}, {@code "probe_status"}; empty when there is none
 * @param since when it came into this state
 * @param history changes of its state, the newest first, at most {@value #MAX_HISTORY}
 * @param counts what became of the connections to it
 * @param names what is known of its name; empty for an address
 * @param hosts the hosts that a service names now, as targets with the priority, the weight and the state of their own; empty for others
 */
public record TargetView(String rule, String ruleId, String target, int priority, int weight, State state, String reason, Instant since,
        List<Change> history, Counts counts, Optional<Resolution> names, List<TargetView> hosts) {
    /** Most changes that are kept. */
    public static final int MAX_HISTORY = 16;

    /** What a target is to new flows. */
    public enum State {
        /** It gets its share. */
        HEALTHY("healthy"),
        /** It came back and gets less than its share for a while. */
        SLOW_START("slow_start"),
        /** It has failed and gets none, but for trials. */
        FAILED("failed"),
        /** An operator, or the configuration, keeps new flows from it. */
        DRAINED("drained");

        private final String code;

        State(String code) {
            this.code = code;
        }

        /** The state as surfaces show it. */
        public String code() {
            return code;
        }
    }

    /**
     * A change of state.
     *
     * @param at when
     * @param healthy whether it became healthy, or failed
     * @param reason why, a code
     */
    public record Change(Instant at, boolean healthy, String reason) {
    }

    /**
     * Counters since the process started, or the target came.
     *
     * @param active connections open now
     * @param connections connections made
     * @param failures connections that could not be made
     * @param flips changes between healthy and failed
     * @param probes questions asked
     * @param probeFailures questions that got no good answer
     */
    public record Counts(long active, long connections, long failures, long flips, long probes, long probeFailures) {
    }

    /**
     * What is known of a name.
     *
     * @param endpoints addresses in the order they are tried; of a service its hosts, {@code "db1.example:5432"}, by priority
     * @param validUntil until when they are taken from memory; empty if nothing is
     * @param server who answered, {@code "192.0.2.53:53"}; empty if nobody did
     * @param problem why the last look-up failed, a code: {@code "nxdomain"}, {@code "servfail"}, {@code "timeout"}; empty if it did not
     */
    public record Resolution(List<String> endpoints, Optional<Instant> validUntil, String server, String problem) {
        /** Copies the list. */
        public Resolution {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** Copies the lists. */
    public TargetView {
        history = List.copyOf(history);
        hosts = List.copyOf(hosts);
    }

    /** Of a target that is no service. */
    public TargetView(String rule, String ruleId, String target, int priority, int weight, State state, String reason, Instant since,
            List<Change> history, Counts counts, Optional<Resolution> names) {
        this(rule, ruleId, target, priority, weight, state, reason, since, history, counts, names, List.of());
    }
}
