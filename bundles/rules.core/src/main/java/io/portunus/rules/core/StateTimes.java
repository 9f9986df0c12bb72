// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ListenerView;
import io.portunus.model.ListenKey;
import io.portunus.model.Offer;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.node.api.RuleTimes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** When rules came and when their states changed. Written under the lock of who publishes; read by any thread. */
final class StateTimes {
    private final InstantSource clock;
    /** By the id of the rule, those in force only. */
    private final Map<Long, Known> rules = new ConcurrentHashMap<>();
    /** When it was first seen that somebody serves what rules name, or that nobody does; of what was missing once. */
    private final Map<Offer, Seen> kinds = new ConcurrentHashMap<>();

    private record Known(Instant createdAt, boolean enabled, Instant since) {
    }

    private record Seen(boolean missing, Instant at) {
    }

    StateTimes(InstantSource clock) {
        this.clock = clock;
    }

    /** Rules have come, gone or changed. */
    void published(RuleDifference change) {
        Instant now = clock.instant();
        change.edits().forEach(edit -> edit.newer().ifPresentOrElse(rule -> known(rule, now),
            () -> edit.older().ifPresent(gone -> rules.remove(gone.id()))));
    }

    private void known(Rule rule, Instant now) {
        rules.compute(rule.id(), (id, before) -> before == null ? new Known(now, rule.enabled(), now)
            : before.enabled() == rule.enabled() ? before : new Known(before.createdAt(), rule.enabled(), now));
    }

    /** What nobody serves now. */
    void missing(Set<Offer> now) {
        now.forEach(kind -> kinds.compute(kind, (its, before) -> before != null && before.missing() ? before : new Seen(true, clock.instant())));
        kinds.replaceAll((kind, before) -> before.missing() && !now.contains(kind) ? new Seen(false, clock.instant()) : before);
    }

    /** Of a rule in force, which changes its state with its own switch, with the listeners that it is on and with its kind. */
    RuleTimes of(Rule rule, Map<ListenKey, ListenerView> listeners) {
        Known known = Optional.ofNullable(rules.get(rule.id())).orElseGet(() -> new Known(clock.instant(), rule.enabled(), clock.instant()));
        if (!rule.enabled()) {
            return new RuleTimes(known.createdAt(), known.since());
        }
        Stream<Instant> bound = rule.listenKeys().map(listeners::get).filter(Objects::nonNull).map(ListenerView::since);
        Stream<Instant> recognised = Absent.namedBy(rule).map(kinds::get).filter(Objects::nonNull).map(Seen::at);
        return new RuleTimes(known.createdAt(), Stream.concat(bound, recognised).reduce(known.since(), (a, b) -> a.isAfter(b) ? a : b));
    }
}
