// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowResults;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.TimeCounts;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What one part of a version did between two moments. Immutable.
 *
 * @param from what was counted until the first; empty from the part's beginning on
 * @param to what was counted until the second
 */
record Spell(Optional<ProviderView> from, ProviderView to) {
    /** Flows it got. */
    long opened() {
        return to.opened() - from.map(ProviderView::opened).orElse(0L);
    }

    long faults() {
        return to.faults() - from.map(ProviderView::faults).orElse(0L);
    }

    private long result(ToLongFunction<FlowResults> which) {
        return which.applyAsLong(to.results()) - from.map(view -> which.applyAsLong(view.results())).orElse(0L);
    }

    long closed(CloseReason reason) {
        return to.closed().getOrDefault(reason, 0L) - from.map(view -> view.closed().getOrDefault(reason, 0L)).orElse(0L);
    }

    private long ended() {
        return to.closed().values().stream().mapToLong(Long::longValue).sum()
            - from.map(view -> view.closed().values().stream().mapToLong(Long::longValue).sum()).orElse(0L);
    }

    /** Those that ended for a reason, of all it got: one that is open has not ended for it yet, and is given the benefit of the doubt. */
    Share endedAs(CloseReason reason) {
        return new Share(closed(reason), Math.max(opened(), ended()));
    }

    /** Of those that ended. */
    Share endedAsOfEnded(CloseReason reason) {
        return new Share(closed(reason), ended());
    }

    /** Those it refused, for a policy. */
    Share refused() {
        return new Share(result(FlowResults::refused), opened());
    }

    /** Those that did not deliver bytes both ways. One that is open, and may, is given the benefit of the doubt. */
    Share undelivered() {
        return new Share(oneWay() + nothing(), known() + pending());
    }

    /** The same of those that ended, for what of a version goes on while another serves. */
    Share undeliveredOfEnded() {
        return new Share(oneWay() + nothing(), ended() - result(FlowResults::excused));
    }

    /** Those that delivered nothing at all. */
    Share empty() {
        return new Share(nothing(), known() + pending());
    }

    private long oneWay() {
        return result(FlowResults::oneWay);
    }

    private long nothing() {
        return result(FlowResults::nothing);
    }

    private long known() {
        return oneWay() + nothing() + result(FlowResults::delivered);
    }

    /** Open, and not known yet what becomes of them. A policy gets many that it has no part in. */
    private long pending() {
        long unknown = opened() - known() - result(FlowResults::excused);
        return Math.max(0, to.role() == ProviderView.Role.POLICY ? Math.min(unknown, to.active()) : unknown);
    }

    /** Those in which it kept its loop. */
    Share slowTurns() {
        return new Share(result(FlowResults::slowTurns), opened());
    }

    /** Those whose target's first byte came later than a bucket's bound. */
    Share later(int bucket) {
        List<Long> counts = firstBytes();
        return new Share(counts.stream().skip(bucket + 1L).mapToLong(Long::longValue).sum(), counts.stream().mapToLong(Long::longValue).sum());
    }

    private List<Long> firstBytes() {
        List<Long> now = to.results().firstByte().counts();
        List<Long> then = from.map(view -> view.results().firstByte().counts()).orElse(List.of());
        return IntStream.range(0, now.size()).mapToObj(i -> now.get(i) - (then.size() > i ? then.get(i) : 0)).toList();
    }

    /** The first bucket within which nine of ten had their target's first byte; empty if none had any. */
    Optional<Integer> usualBucket() {
        List<Long> counts = firstBytes();
        long all = counts.stream().mapToLong(Long::longValue).sum();
        long seen = 0;
        for (int bucket = 0; bucket < counts.size() && all > 0; bucket++) {
            seen += counts.get(bucket);
            if (seen * 10 >= all * 9) {
                return Optional.of(bucket);
            }
        }
        return Optional.empty();
    }

    TimeCounts buckets() {
        return to.results().firstByte();
    }
}
