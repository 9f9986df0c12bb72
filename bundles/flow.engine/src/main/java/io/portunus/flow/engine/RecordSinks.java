// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.FaultAccount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who takes the records of flows, and what was lost of them: the distribution's own on the loop, those of others on threads of their own. Of two
 * versions of a bundle the one that came first gets them; the next gets those that come from the step on in which that one goes, so that none is
 * given twice or to nobody. Thread-safe: loops read the lists, which are replaced as a whole; whoever changes or counts does so one at a time.
 */
final class RecordSinks {
    /** Those that are there, in the order in which they came. Guarded by this. */
    private List<SinkCalls> all = List.of();
    /** Volatile: sinks come and go while flows end. */
    private volatile InForce now = InForce.of(List.of());
    /** What sinks that have gone had dropped. */
    private long droppedByGone;

    /**
     * Those that get records.
     *
     * @param direct called on the loop
     * @param queued given what is kept of a record
     */
    private record InForce(List<SinkCalls> direct, List<SinkCalls> queued) {
        static InForce of(List<SinkCalls> all) {
            Map<String, String> versions = new HashMap<>();
            all.forEach(sink -> versions.putIfAbsent(sink.part().bundle(), sink.part().version()));
            Map<Boolean, List<SinkCalls>> serving = all.stream().filter(sink -> sink.part().version().equals(versions.get(sink.part().bundle())))
                .collect(Collectors.partitioningBy(SinkCalls::onLoops, Collectors.toUnmodifiableList()));
            return new InForce(serving.getOrDefault(true, List.of()), serving.getOrDefault(false, List.of()));
        }
    }

    /** Adds one of the distribution. */
    void direct(FlowRecordSink newer, FaultAccount account) {
        add(new DirectSink(newer, account));
    }

    /** Adds one of another bundle. */
    void queued(FlowRecordSink newer, FaultAccount account) {
        QueuedSink its = new QueuedSink(newer, account);
        its.start();
        add(its);
    }

    private synchronized void add(SinkCalls newer) {
        change(Stream.concat(all.stream(), Stream.of(newer)));
    }

    private void change(Stream<SinkCalls> next) {
        all = next.toList();
        now = InForce.of(all);
    }

    /** Takes one away, and waits a second for it at most. On no loop. */
    void remove(FlowRecordSink gone) {
        Optional<SinkCalls> its = leave(gone);
        its.ifPresent(SinkCalls::leave);
        its.ifPresent(this::count);
    }

    private synchronized Optional<SinkCalls> leave(FlowRecordSink gone) {
        Optional<SinkCalls> its = all.stream().filter(sink -> sink.of(gone)).findFirst();
        change(all.stream().filter(sink -> !sink.of(gone)));
        return its;
    }

    private synchronized void count(SinkCalls gone) {
        droppedByGone += gone.dropped();
    }

    /** Gives each of them the record. On the flow's loop. */
    void take(FlowRecord ended) {
        InForce sinks = now;
        // By their places: an iterator would be made for each flow.
        for (int i = 0; i < sinks.direct().size(); i++) {
            sinks.direct().get(i).take(ended);
        }
        if (!sinks.queued().isEmpty()) {
            FlowRecord kept = KeptRecord.of(ended);
            sinks.queued().forEach(sink -> sink.take(kept));
        }
    }

    /** Records that were dropped, by whomever. */
    synchronized long dropped() {
        return droppedByGone + all.stream().mapToLong(SinkCalls::dropped).sum();
    }
}
