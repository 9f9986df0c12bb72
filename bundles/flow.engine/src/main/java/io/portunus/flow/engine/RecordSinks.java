// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import java.util.ArrayList;
import java.util.List;

/**
 * Who takes the records of flows, and what was lost of them. Thread-safe: loops read the list, which is replaced as a whole; whoever changes
 * or counts does so one at a time.
 */
final class RecordSinks {
    /** Volatile: sinks come and go while flows end. */
    private volatile FlowRecordSink[] sinks = {};
    /** What sinks that have gone had dropped. */
    private long droppedByGone;

    synchronized void add(FlowRecordSink newer) {
        List<FlowRecordSink> more = new ArrayList<>(List.of(sinks));
        more.add(newer);
        sinks = more.toArray(FlowRecordSink[]::new);
    }

    synchronized void remove(FlowRecordSink gone) {
        List<FlowRecordSink> fewer = new ArrayList<>(List.of(sinks));
        if (fewer.remove(gone)) {
            sinks = fewer.toArray(FlowRecordSink[]::new);
            droppedByGone += gone.dropped();
        }
    }

    /** Gives each of them the record. */
    void take(FlowRecord ended) {
        for (FlowRecordSink sink : sinks) {
            try {
                sink.take(ended);
            } catch (RuntimeException lastResort) {
                // The end of a flow is not the place where a defect of a sink is let through: ceilings and drains count on what follows.
                FlowEvents.failed(ended.id(), lastResort);
            }
        }
    }

    /** Records that were dropped, by whomever. */
    synchronized long dropped() {
        long dropped = droppedByGone;
        for (FlowRecordSink sink : sinks) {
            dropped += sink.dropped();
        }
        return dropped;
    }
}
