// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

/** Why a flow ended, and who ended it. The code is the access record's {@code close_reason}. */
public enum CloseReason {
    /** Both sides finished in their own time. */
    COMPLETED("completed", Side.BOTH),
    /** The client reset the connection. */
    DOWNSTREAM_RESET("downstream_reset", Side.DOWNSTREAM),
    /** The target reset the connection. */
    UPSTREAM_RESET("upstream_reset", Side.UPSTREAM),
    /** The client left before a route was chosen. */
    CLOSED_DURING_PEEK("closed_during_peek", Side.DOWNSTREAM),
    /** No complete hello within the time for it. */
    PEEK_TIMEOUT("peek_timeout", Side.SELF),
    /** Too many connections wait for their hello, and of those of its source this one had waited longest without progress. */
    PEEK_CAPACITY("peek_capacity", Side.SELF),
    /** The buffers of the node are full, and of those that fill them this one had waited longest without progress. */
    BUFFERS_FULL("buffers_full", Side.SELF),
    /** The first bytes are of no protocol that the listener takes. */
    NOT_TLS("not_tls", Side.SELF),
    /** The first bytes are of no protocol that a rule of the listener wants. */
    NOT_RECOGNISED("not_recognised", Side.SELF),
    /** The hello cannot be parsed. */
    HELLO_MALFORMED("hello_malformed", Side.SELF),
    /** No rule has the name asked for. */
    NO_MATCHING_NAME("no_matching_name", Side.SELF),
    /** The client named no host and the listener has no fallback. */
    NO_NAME("no_name", Side.SELF),
    /** A PROXY header was required, and something else came. */
    PROXY_HEADER_MISSING("proxy_header_missing", Side.SELF),
    /** The PROXY header cannot be parsed. */
    PROXY_HEADER_MALFORMED("proxy_header_malformed", Side.SELF),
    /** The PROXY header did not come within the time for it. */
    PROXY_HEADER_TIMEOUT("proxy_header_timeout", Side.SELF),
    /** No rule of the listener takes this client. */
    SOURCE_DENIED("source_denied", Side.SELF),
    /** The appliance, or the rule beside others, has as many connections as it may have. */
    MAX_CONNECTIONS("max_connections", Side.SELF),
    /** It has come back to a rule that it went by before: targets lead to listeners of this node in a circle. */
    FORWARDING_LOOP("forwarding_loop", Side.SELF),
    /** The target's name could not be resolved. */
    DNS_FAILED("dns_failed", Side.UPSTREAM),
    /** The target refused, or could not be reached. */
    CONNECT_FAILED("connect_failed", Side.UPSTREAM),
    /** No connection to the target could be begun: no local port or descriptor is left, or the source address is not this machine's. */
    CONNECT_IMPOSSIBLE("connect_impossible", Side.SELF),
    /** The target did not answer in time. */
    CONNECT_TIMEOUT("connect_timeout", Side.UPSTREAM),
    /** Every target has failed, is drained, or has as many connections as it may have. */
    NO_TARGET("no_target", Side.SELF),
    /** Its target failed, and the rule closes connections then. */
    TARGET_DOWN("target_down", Side.SELF),
    /** No byte went either way for as long as may be. */
    IDLE_TIMEOUT("idle_timeout", Side.SELF),
    /** One side had finished, and the other was silent for as long as may be. */
    HALF_CLOSED_TIMEOUT("half_closed_timeout", Side.SELF),
    /** It was as old as it may get. */
    MAX_LIFETIME("max_lifetime", Side.SELF),
    /** A policy that its rule names is not running. */
    POLICY_MISSING("policy_missing", Side.SELF),
    /** No handler took the connection in time. */
    NO_HANDLER("no_handler", Side.SELF),
    /** Its handler did nothing with it in time. */
    HANDLER_STALLED("handler_stalled", Side.SELF),
    /** An operator ended it. */
    KILLED("killed", Side.OPERATOR),
    /** The drain's deadline passed. */
    DRAINED("drained", Side.SELF),
    /** A defect of a bundle; the log has its trace. */
    INTERNAL_ERROR("internal_error", Side.SELF);

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

    CloseReason(String code, Side by) {
        this.code = code;
        this.by = by;
    }

    /** The code as records and surfaces show it. */
    public String code() {
        return code;
    }

    /** Who ended the flow. */
    public Side by() {
        return by;
    }
}
