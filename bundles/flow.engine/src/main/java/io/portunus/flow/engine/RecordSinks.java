// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.FaultAccount;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Who takes the records of flows, and what was lost of them: the distribution's own on the loop, those of others on threads of their own.
 * Thread-safe: loops read the lists, which are replaced as a whole; whoever changes or counts does so one at a time.
 */
final class RecordSinks {
    /** Volatile: sinks come and go while flows end. */
    private volatile InForce now = new InForce(List.of(), List.of());
    /** What sinks that have gone had dropped. */
    private long droppedByGone;

    /**
     * Those that are there.
     *
     * @param direct called on the loop
     * @param queued given what is kept of a record
     */
    private record InForce(List<SinkCalls> direct, List<SinkCalls> queued) {
        Stream<SinkCalls> all() {
            return Stream.concat(direct.stream(), queued.stream());
        }

        InForce with(UnaryOperator<Stream<SinkCalls>> ofDirect, UnaryOperator<Stream<SinkCalls>> ofQueued) {
            return new InForce(ofDirect.apply(direct.stream()).toList(), ofQueued.apply(queued.stream()).toList());
        }
    }

    /** Adds one of the distribution. */
    synchronized void direct(FlowRecordSink newer, FaultAccount account) {
        SinkCalls its = new DirectSink(newer, account);
        now = now.with(direct -> Stream.concat(direct, Stream.of(its)), queued -> queued);
    }

    /** Adds one of another bundle. */
    synchronized void queued(FlowRecordSink newer, FaultAccount account) {
        QueuedSink its = new QueuedSink(newer, account);
        its.start();
        now = now.with(direct -> direct, queued -> Stream.concat(queued, Stream.of(its)));
    }

    /** Takes one away, and waits a second for it at most. On no loop. */
    void remove(FlowRecordSink gone) {
        Optional<SinkCalls> its = leave(gone);
        its.ifPresent(SinkCalls::leave);
        its.ifPresent(this::count);
    }

    private synchronized Optional<SinkCalls> leave(FlowRecordSink gone) {
        Optional<SinkCalls> its = now.all().filter(sink -> sink.of(gone)).findFirst();
        UnaryOperator<Stream<SinkCalls>> others = sinks -> sinks.filter(sink -> !sink.of(gone));
        now = now.with(others, others);
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
        return droppedByGone + now.all().mapToLong(SinkCalls::dropped).sum();
    }
}
