// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A live flow at one moment.
 *
 * @param id number of the flow, unique while the process runs
 * @param state where it is
 * @param handlers versions of the bundles that carry it or read its prelude, by symbolic name
 * @param listener listener it came in by, {@code "*:443"}
 * @param peer the client, {@code "192.0.2.1:50000"}
 * @param rule name of the rule; empty before routing
 * @param serverName name seen in the prelude, if any
 * @param target the target that took the connection; until then all of the rule, and empty before routing
 * @param openedAt when it was accepted
 * @param age since it was given to its handler; it may have waited for one before
 * @param bytesIn bytes from client to target
 * @param bytesOut bytes from target to client
 * @param heldBack how long policies let its bytes wait; empty where none limits it, and for a session, whose datagrams do not wait
 */
public record FlowView(long id, State state, Map<String, String> handlers, String listener, String peer, String rule, Optional<String> serverName,
        String target, Instant openedAt, Duration age, long bytesIn, long bytesOut, Optional<HeldBack> heldBack) {
    /** Copies the map. */
    public FlowView {
        handlers = Map.copyOf(handlers);
    }

    /** Of a flow that no policy limits. */
    public FlowView(long id, State state, Map<String, String> handlers, String listener, String peer, String rule, Optional<String> serverName,
            String target, Instant openedAt, Duration age, long bytesIn, long bytesOut) {
        this(id, state, handlers, listener, peer, rule, serverName, target, openedAt, age, bytesIn, bytesOut, Optional.empty());
    }

    /** Stages of a flow. */
    public enum State {
        /** Waits for its prelude. */
        PEEKING,
        /** Waits for its target. */
        CONNECTING,
        /** Moves bytes. */
        OPEN
    }
}
