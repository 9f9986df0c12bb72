// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.DatagramDrop;
import io.portunus.model.Datagrams.Caps;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sessions a rule has, and, where its sources have a limit of their own, each source. Thread-safe. */
final class SessionCounts {
    private final Ceiling ceiling;
    private final AtomicInteger all = new AtomicInteger();
    /** As many as there are sessions that count for a source. */
    private final Map<Long, Integer> bySource = new ConcurrentHashMap<>();

    SessionCounts(Ceiling ceiling) {
        this.ceiling = ceiling;
    }

    /**
     * A session's place in the counts.
     *
     * @param caps of when it began, as only what was counted is given back
     * @param source {@linkplain Pending#key whom} it counts for
     */
    record Place(Caps caps, long source) {
    }

    /** One more, if its source and the rule may have so many; else why not. A source with its share is refused first, and displaces nobody. */
    Optional<DatagramDrop> begins(Place place) {
        if (place.caps().perSource() > 0 && !countsForSource(place)) {
            return Optional.of(DatagramDrop.SOURCE_OVERFLOW);
        }
        int most = place.caps().sessions();
        int now = all.incrementAndGet();
        if (now > most) {
            all.decrementAndGet();
            leavesSource(place);
            ceiling.refused(now - 1L, most);
            return Optional.of(DatagramDrop.OVERFLOW);
        }
        return Optional.empty();
    }

    private boolean countsForSource(Place place) {
        boolean[] counted = new boolean[1];
        bySource.compute(place.source(), (source, count) -> {
            int had = count == null ? 0 : count;
            counted[0] = had < place.caps().perSource();
            return counted[0] ? Integer.valueOf(had + 1) : count;
        });
        return counted[0];
    }

    /** Sessions of the rule. */
    int count() {
        return all.get();
    }

    /** One that began is over. */
    void ends(Place place) {
        ceiling.ended(all.decrementAndGet(), place.caps().sessions());
        leavesSource(place);
    }

    private void leavesSource(Place place) {
        if (place.caps().perSource() > 0) {
            bySource.computeIfPresent(place.source(), (source, count) -> count == 1 ? null : count - 1);
        }
    }
}
