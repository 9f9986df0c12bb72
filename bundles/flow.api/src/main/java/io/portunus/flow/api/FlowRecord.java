// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.model.Prelude;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a flow that ended: one access record.
 *
 * @param id number of the flow
 * @param handlers versions of the bundles that carried it or read its first bytes, by symbolic name
 * @param listener listener it came in by
 * @param peer the client, as told by a PROXY header if one was
 * @param via who told, {@code "192.0.2.9:40000"}; empty when nobody did
 * @param rule name of the rule; empty when none was chosen
 * @param ruleId id of the rule; empty when none was chosen
 * @param prelude what was seen of the first bytes
 * @param target the target that took the connection; else all of the rule, or empty when no rule was chosen
 * @param endpoint address the target was reached at; empty when it was not
 * @param openedAt when it was accepted
 * @param bytesIn bytes from client to target
 * @param bytesOut bytes from target to client
 * @param timings durations of its stages
 * @param reason why it ended
 */
public record FlowRecord(long id, Map<String, String> handlers, String listener, String peer, String via, String rule, String ruleId,
        Prelude prelude, String target, String endpoint, Instant openedAt, long bytesIn, long bytesOut, Timings timings, CloseReason reason) {
    /** Copies the map. */
    public FlowRecord {
        handlers = Map.copyOf(handlers);
    }

    /** Name seen in the hello, if any. */
    public Optional<String> serverName() {
        return prelude.serverName();
    }

    /**
     * Durations of the stages, each since its own start; empty for a stage that was not reached.
     *
     * @param peek from accept to the decision
     * @param connect from the decision to the open target
     * @param firstByte from accept to the first byte of the target
     * @param total from accept to the end
     */
    public record Timings(Optional<Duration> peek, Optional<Duration> connect, Optional<Duration> firstByte, Duration total) {
    }
}
