// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one rule on one socket, those that have been silent longest first; those whose client has sent once only, and whose address may be
 * somebody else's, before all others, so that a flood of such displaces nobody but itself. Bounded by the sessions that the rule may have. Makes
 * nothing for a datagram. Confined to its loop.
 */
final class IdleSessions {
    private final Line once = new Line();
    private final Line again = new Line();

    /** A session's place among the others. */
    final class Place {
        private final SessionFlow session;
        private Line line = once;
        private @Nullable Place before;
        private @Nullable Place after;

        private Place(SessionFlow session) {
            this.session = session;
        }

        /** Its client has sent another time. */
        void sent() {
            line.remove(this);
            again.add(this);
        }

        /** Its client was answered. */
        void answered() {
            line.remove(this);
            line.add(this);
        }

        /** It is over. */
        void ends() {
            line.remove(this);
        }
    }

    /** Places, the one that was touched last at the end. */
    private static final class Line {
        private @Nullable Place first;
        private @Nullable Place last;

        void add(Place place) {
            place.line = this;
            place.before = last;
            place.after = null;
            if (last == null) {
                first = place;
            } else {
                last.after = place;
            }
            last = place;
        }

        void remove(Place place) {
            Place before = place.before;
            Place after = place.after;
            if (before == null) {
                first = after;
            } else {
                before.after = after;
            }
            if (after == null) {
                last = before;
            } else {
                after.before = before;
            }
        }
    }

    /** A session begins, and is the last to go of those of its kind. */
    Place begins(SessionFlow session) {
        Place place = new Place(session);
        once.add(place);
        return place;
    }

    /** The first that may go; empty when there is none. */
    Optional<SessionFlow> longestSilent() {
        return Optional.ofNullable(once.first == null ? again.first : once.first).map(place -> place.session);
    }
}
