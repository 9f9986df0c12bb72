// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.model.CodeForm;
import io.portunus.model.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a flow ended, and who ended it. The code is the access record's {@code close_reason} and the label {@code reason} of the counters. Two
 * with the same code are equal. Immutable.
 *
 * <p>The constants here are those of the contracts of the data path: what the engine and any handler, inspector, policy or selector may end a
 * flow for. A bundle that ends flows for a reason of its own defines it as a constant of its own, begins the code with a name and a dot, as in
 * {@code "acme.too_fast"}, and lists it in {@link io.portunus.flow.spi.ReasonOwner#reasons}; records, events, counters and the watch over a new
 * version show it under its code. A reason is made once, never for each flow: counters keep each they see, as long as there is room.
 */
public final class CloseReason {
    /** Filled while the constants are made; what {@link #known()} answers follows from it. */
    private static final List<CloseReason> KNOWN = new ArrayList<>();

    /** Both sides finished in their own time. */
    public static final CloseReason COMPLETED = known("completed", Side.BOTH, "Both sides finished in their own time.");
    /** The client reset the connection. */
    public static final CloseReason DOWNSTREAM_RESET = known("downstream_reset", Side.DOWNSTREAM, "The client reset the connection.");
    /** The target reset the connection. */
    public static final CloseReason UPSTREAM_RESET = known("upstream_reset", Side.UPSTREAM, "The target reset the connection.");
    /** The client left before a route was chosen. */
    public static final CloseReason CLOSED_DURING_PEEK = known("closed_during_peek", Side.DOWNSTREAM, "The client left before a route was chosen.");
    /** No complete prelude within the time for it. */
    public static final CloseReason PEEK_TIMEOUT = known("peek_timeout", Side.SELF, "No complete hello within the time for it.");
    /** Too many connections wait for their prelude, and of those of its source this one had waited longest without progress. */
    public static final CloseReason PEEK_CAPACITY = known("peek_capacity", Side.SELF,
        "Too many connections wait for their hello, and of those of its source this one had waited longest without progress.");
    /** The buffers of the node are full, and of those that fill them this one had waited longest without progress. */
    public static final CloseReason BUFFERS_FULL = known("buffers_full", Side.SELF,
        "The buffers of the node are full, and of those that fill them this one had waited longest without progress.");
    /** The prelude is of no protocol that the listener takes. */
    public static final CloseReason NOT_TLS = known("not_tls", Side.SELF, "The first bytes are of no protocol that the listener takes.");
    /** The prelude is of no protocol that a rule of the listener requires. */
    public static final CloseReason NOT_RECOGNISED = known("not_recognised", Side.SELF,
        "The first bytes are of no protocol that a rule of the listener wants.");
    /** The prelude cannot be parsed. */
    public static final CloseReason HELLO_MALFORMED = known("hello_malformed", Side.SELF, "The hello cannot be parsed.");
    /** No rule has the name asked for. */
    public static final CloseReason NO_MATCHING_NAME = known("no_matching_name", Side.SELF, "No rule has the name asked for.");
    /** The client named no host and the listener has no fallback. */
    public static final CloseReason NO_NAME = known("no_name", Side.SELF, "The client named no host and the listener has no fallback.");
    /** No rule of the listener takes this client. */
    public static final CloseReason SOURCE_DENIED = known("source_denied", Side.SELF, "No rule of the listener takes this client.");
    /** The appliance, or the rule beside others, has as many connections as it may have. */
    public static final CloseReason MAX_CONNECTIONS = known("max_connections", Side.SELF,
        "The appliance, or the rule beside others, has as many connections as it may have.");
    /** It has come back to a rule that it went by before: targets lead to listeners of this node in a circle. */
    public static final CloseReason FORWARDING_LOOP = known("forwarding_loop", Side.SELF,
        "It has come back to a rule that it went by before: targets lead to listeners of this node in a circle.");
    /** What the rule requires its client to settle below the bytes, such as encryption, was not settled within the time for it. */
    public static final CloseReason SECURE_TIMEOUT = known("secure_timeout", Side.SELF,
        "What the rule wants its client to settle below the bytes, such as encryption, was not settled within the time for it.");
    /** The same could not be settled: the client left, said something else, or too much. */
    public static final CloseReason SECURE_FAILED = known("secure_failed", Side.SELF,
        "What the rule wants its client to settle below the bytes could not be settled: the client left, said something else, or too much.");
    /** The target's name could not be resolved. */
    public static final CloseReason DNS_FAILED = known("dns_failed", Side.UPSTREAM, "The target's name could not be resolved.");
    /** The target refused, or could not be reached. */
    public static final CloseReason CONNECT_FAILED = known("connect_failed", Side.UPSTREAM, "The target refused, or could not be reached.");
    /** No connection to the target could be begun: no local port or descriptor is left, or the source address is not this machine's. */
    public static final CloseReason CONNECT_IMPOSSIBLE = known("connect_impossible", Side.SELF,
        "No connection to the target could be begun: no local port or descriptor is left, or the source address is not this machine's.");
    /** The target did not answer in time. */
    public static final CloseReason CONNECT_TIMEOUT = known("connect_timeout", Side.UPSTREAM, "The target did not answer in time.");
    /** Every target has failed, is drained, or has as many connections as it may have. */
    public static final CloseReason NO_TARGET = known("no_target", Side.SELF,
        "Every target has failed, is drained, or has as many connections as it may have.");
    /** Its target failed, and the rule closes connections then. */
    public static final CloseReason TARGET_DOWN = known("target_down", Side.SELF, "Its target failed, and the rule closes connections then.");
    /** No byte went either way for as long as may be. */
    public static final CloseReason IDLE_TIMEOUT = known("idle_timeout", Side.SELF, "No byte went either way for as long as may be.");
    /** One side had finished, and the other was silent for as long as may be. */
    public static final CloseReason HALF_CLOSED_TIMEOUT = known("half_closed_timeout", Side.SELF,
        "One side had finished, and the other was silent for as long as may be.");
    /** Each datagram of the client had its answers, and the rule's sessions end with that. */
    public static final CloseReason ANSWERED = known("answered", Side.BOTH,
        "Each datagram of the client had its answers, and the rule's sessions end with that.");
    /** The rule has as many sessions as it may have, and this one had been silent longest. */
    public static final CloseReason EVICTED = known("evicted", Side.SELF,
        "The rule has as many sessions as it may have, and this one had been silent longest.");
    /** It was as old as it may get. */
    public static final CloseReason MAX_LIFETIME = known("max_lifetime", Side.SELF, "It was as old as it may get.");
    /** A policy that its rule names is not running. */
    public static final CloseReason POLICY_MISSING = known("policy_missing", Side.SELF, "A policy that its rule names is not running.");
    /** No handler took the connection in time. */
    public static final CloseReason NO_HANDLER = known("no_handler", Side.SELF, "No handler took the connection in time.");
    /** Its handler did nothing with it in time. */
    public static final CloseReason HANDLER_STALLED = known("handler_stalled", Side.SELF, "Its handler did nothing with it in time.");
    /** An operator ended it. */
    public static final CloseReason KILLED = known("killed", Side.OPERATOR, "An operator ended it.");
    /** The drain's deadline passed. */
    public static final CloseReason DRAINED = known("drained", Side.SELF, "The drain's deadline passed.");
    /** A defect of a bundle; the log has its trace. */
    public static final CloseReason INTERNAL_ERROR = known("internal_error", Side.SELF, "A defect of a bundle; the log has its trace.");
    /** For a reason beyond those that are counted apart; the access record has it. */
    public static final CloseReason OTHER = known("other", Side.SELF,
        "For a reason beyond those that are counted apart; the access record has it.");

    private static final Map<String, CloseReason> BY_CODE = KNOWN.stream().collect(Collectors.toUnmodifiableMap(CloseReason::code,
        Function.identity()));

    /** Who ended a flow. */
    public enum Side {
        /** The client. */
        DOWNSTREAM("downstream"),
        /** The target. */
        UPSTREAM("upstream"),
        /** Both, each in its time. */
        BOTH("both"),
        /** The appliance. */
        SELF("portunus"),
        /** An operator. */
        OPERATOR("operator");

        private final String code;

        Side(String code) {
            this.code = code;
        }

        /** The side as records and surfaces show it. */
        public String code() {
            return code;
        }
    }

    private final String code;
    private final Side by;
    private final String sentence;

    /**
     * Defines a reason.
     *
     * @param code as records and surfaces show it, in the form of {@link CodeForm#code}
     * @param by who ended the flow
     * @param sentence one sentence for the reference, in the form of {@link CodeForm#sentence}
     * @throws IllegalArgumentException if a text has another form
     */
    public CloseReason(String code, Side by, String sentence) {
        this.code = CodeForm.code(code);
        this.by = Objects.requireNonNull(by, "a side");
        this.sentence = CodeForm.sentence(sentence);
    }

    private static CloseReason known(String code, Side by, String sentence) {
        CloseReason reason = new CloseReason(code, by, sentence);
        KNOWN.add(reason);
        return reason;
    }

    /** Every constant of this class, in their order. */
    public static List<CloseReason> known() {
        return List.copyOf(KNOWN);
    }

    /** What a flow ends as that routing refuses: the constant of the same code, and one of its own where there is none. */
    public static CloseReason of(Decision.Refusal refusal) {
        CloseReason constant = BY_CODE.get(refusal.code());
        return constant != null ? constant : new CloseReason(refusal.code(), Side.SELF, "Routing refused the connection.");
    }

    /** The code as records and surfaces show it. */
    public String code() {
        return code;
    }

    /** Who ended the flow. */
    public Side by() {
        return by;
    }

    /** One sentence for the reference. */
    public String sentence() {
        return sentence;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof CloseReason that && code.equals(that.code);
    }

    @Override
    public int hashCode() {
        return code.hashCode();
    }

    @Override
    public String toString() {
        return code;
    }
}
