// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.time.Duration;
import java.util.Optional;

/**
 * A loop of a transport, and whether it turns. A loop that code of a bundle blocks carries its flows no further, and nothing can free it but that
 * code. Immutable.
 *
 * @param name of its thread, {@code "flow-epoll-0"}; of its transport and its number until it has turned once
 * @param transport name of its transport
 * @param state whether it turns
 * @param silent how long it has not turned, in whole seconds of a node that runs; shorter than {@link #STALLED} while it counts as one that turns
 * @param flows those that stood still with it when it was last counted; zero while it turns
 * @param holder in whose code it stands, as far as that is known
 */
public record LoopView(String name, String transport, State state, Duration silent, long flows, Optional<Holder> holder) {
    /** Whether a loop turns. */
    public enum State {
        /** It does what it is given. */
        TURNING,
        /** It has done nothing for {@link LoopView#STALLED}; it may come back. */
        STALLED,
        /** It has done nothing for {@link LoopView#LOST}, and is not counted on any more. */
        LOST
    }

    /** After so long a loop counts as stalled: new connections go to the others, and the node is not ready. */
    public static final Duration STALLED = Duration.ofSeconds(2);
    /** After so long it counts as lost, and the process as one that has to be started again. */
    public static final Duration LOST = Duration.ofSeconds(10);

    /**
     * A version of a bundle.
     *
     * @param bundle symbolic name
     * @param version its version
     */
    public record Holder(String bundle, String version) {
        @Override
        public String toString() {
            return bundle + " " + version;
        }
    }

    /** Whether it turns. */
    public boolean turns() {
        return state == State.TURNING;
    }
}
