// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import java.util.HashMap;
import java.util.Map;

/**
 * Ends sessions of datagrams in a drain once they are silent: they have no end of their own, and whoever sent nothing for a while is not in the
 * middle of anything. Confined to the thread that drains.
 */
final class SilentSessions {
    /** Looks in a row, of which {@link LiveFlows#awaitNone} has five a second, at which nothing new had come either way. */
    private static final int LOOKS = 10;
    private final LiveFlows flows;
    /** As many as there are sessions. */
    private Map<Long, Seen> last = Map.of();

    private record Seen(long datagrams, int looks) {
    }

    SilentSessions(LiveFlows flows) {
        this.flows = flows;
    }

    /** Looks once more. */
    void look() {
        Map<Long, Seen> now = new HashMap<>();
        flows.sessions().forEach(session -> {
            Seen before = last.getOrDefault(session.id(), new Seen(-1, 0));
            Seen seen = new Seen(session.datagrams(), session.datagrams() == before.datagrams() ? before.looks() + 1 : 0);
            if (seen.looks() < LOOKS) {
                now.put(session.id(), seen);
            } else {
                session.requestEnd(CloseReason.DRAINED);
            }
        });
        last = now;
    }
}
