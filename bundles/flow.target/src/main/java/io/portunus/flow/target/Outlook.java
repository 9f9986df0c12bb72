// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.TargetOutlook;
import io.portunus.model.Route;
import io.portunus.model.TargetGroup;
import java.net.InetAddress;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * What a pool would give to a flow, without giving it: the choice of {@link FlowSearch}, but for trials of targets that failed. Immutable.
 *
 * @param client where the flow comes from
 * @param now the nanosecond to ask for
 */
record Outlook(Pool pool, InetAddress client, long now) implements Field {
    TargetOutlook of(Route route) {
        long healthy = best(place -> !failed(place));
        if (healthy != 0) {
            return outlook(route, healthy, false);
        }
        long failed = pool.group().allDown() == TargetGroup.AllDown.OPEN ? best(place -> true) : 0;
        return failed == 0 ? TargetOutlook.NONE : outlook(route, failed, true);
    }

    private boolean failed(long place) {
        return pool.state((int) place).health().failed();
    }

    /** The places of the best priority that has any of these, a bit each. */
    private long best(LongPredicate wanted) {
        return IntStream.range(0, pool.ranks()).mapToLong(rank -> open(pool.places(rank), wanted)).filter(places -> places != 0).findFirst()
            .orElse(0);
    }

    private long open(long places, LongPredicate wanted) {
        return places(places).filter(place -> hasRoom(place) && wanted.test(place)).mapToLong(place -> 1L << place).reduce(0, (a, b) -> a | b);
    }

    private static IntStream places(long bits) {
        return IntStream.range(0, Long.SIZE).filter(place -> (bits & 1L << place) != 0);
    }

    private boolean hasRoom(int place) {
        int most = pool.target(place).maxConnections();
        return !pool.state(place).drained() && (most == 0 || pool.state(place).load() < most);
    }

    private TargetOutlook outlook(Route route, long places, boolean lastResort) {
        // The others remember what they picked.
        long likely = pool.trialsInOrder() ? 1L << pool.picker().pick(places, this) : places;
        List<String> targets = places(likely).mapToObj(place -> route.targets().get(place).toString()).toList();
        return new TargetOutlook(targets, lastResort);
    }

    @Override
    public int weight(int place) {
        return pool.weight(place, now);
    }

    @Override
    public int load(int place) {
        return pool.state(place).load();
    }
}
