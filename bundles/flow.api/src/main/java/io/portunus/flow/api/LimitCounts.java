// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What became of flows at a limit.
 *
 * @param refused flows that were refused, by reason; a reason that may occur is there with 0
 * @param last who was refused last; empty if nobody was
 * @param heldBack how long bytes of connections waited
 * @param droppedIn datagrams to the target that were dropped
 * @param droppedOut datagrams to the client that were dropped
 */
public record LimitCounts(Map<CloseReason, Long> refused, Optional<Refusal> last, HeldBack heldBack, long droppedIn, long droppedOut) {
    /** Nothing has happened. */
    public static final LimitCounts NONE = new LimitCounts(Map.of(), Optional.empty(), HeldBack.NONE, 0, 0);

    /** Copies the map. */
    public LimitCounts {
        refused = Map.copyOf(refused);
    }

    /**
     * A flow that was refused.
     *
     * @param at when
     * @param client its client's address, {@code "192.0.2.1"}
     * @param reason why
     */
    public record Refusal(Instant at, String client, CloseReason reason) {
    }
}
