// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

/**
 * What became of a question.
 *
 * @param good whether the answer was good
 * @param counts whether it counts for the target; not if this node could not ask
 * @param reason why the answer was not good, a code; empty if it was
 */
record ProbeResult(boolean good, boolean counts, String reason) {
    static final ProbeResult GOOD = new ProbeResult(true, true, "");
    /** Nobody listens there. */
    static final ProbeResult REFUSED = bad("probe_refused");
    /** There is no way there. */
    static final ProbeResult UNREACHABLE = bad("probe_unreachable");
    /** No answer, or not all of it, in time. */
    static final ProbeResult TIMEOUT = bad("probe_timeout");
    /** HTTP with another status than wanted. */
    static final ProbeResult STATUS = bad("probe_status");
    /** Something else than what was expected, or nothing. */
    static final ProbeResult ANSWER = bad("probe_answer");
    /** No ServerHello. */
    static final ProbeResult TLS = bad("probe_tls");

    static ProbeResult bad(String reason) {
        return new ProbeResult(false, true, reason);
    }

    /** The question was not asked. */
    static ProbeResult unasked(String reason) {
        return new ProbeResult(false, false, reason);
    }
}
