// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowResults;
import io.portunus.flow.api.TimeCounts;
import java.util.List;
import java.util.stream.IntStream;

/** What flows came to, as tests set it. Immutable. */
record Results(long delivered, long oneWay, long nothing, long excused, long refused, long slowTurns, List<Long> firstByte) {
    private static final List<Double> BOUNDS = List.of(.001, .002, .004, .008, .016, .032, .064);
    static final FlowResults NONE = new Results(0, 0, 0, 0, 0, 0, List.of()).view();

    /** Flows that delivered bytes both ways, and others that delivered nothing. */
    static FlowResults of(long delivered, long nothing) {
        return new Results(delivered, 0, nothing, 0, 0, 0, List.of()).view();
    }

    static FlowResults oneWay(long delivered, long oneWay) {
        return new Results(delivered, oneWay, 0, 0, 0, 0, List.of()).view();
    }

    static FlowResults excused(long delivered, long nothing, long excused) {
        return new Results(delivered, 0, nothing, excused, 0, 0, List.of()).view();
    }

    static FlowResults refused(long refused) {
        return new Results(0, 0, 0, 0, refused, 0, List.of()).view();
    }

    static FlowResults slow(long delivered, long slowTurns) {
        return new Results(delivered, 0, 0, 0, 0, slowTurns, List.of()).view();
    }

    /** Flows whose first bytes came in the buckets up to 1, 2, 4, 8, 16, 32, 64 ms, and later. */
    static FlowResults firstBytes(Long... counts) {
        List<Long> given = List.of(counts);
        return new Results(given.stream().mapToLong(Long::longValue).sum(), 0, 0, 0, 0, 0, given).view();
    }

    private FlowResults view() {
        List<Long> counts = IntStream.rangeClosed(0, BOUNDS.size()).mapToObj(i -> i < firstByte.size() ? firstByte.get(i) : 0L).toList();
        return new FlowResults(delivered, oneWay, nothing, excused, refused, slowTurns, new TimeCounts(BOUNDS, counts, 0));
    }
}
