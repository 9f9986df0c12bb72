// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.FaultAccount;
import java.util.concurrent.atomic.LongAdder;

/**
 * A sink of the distribution, called on the loops: it writes each record where it stays, so that nothing is made of a flow that ends and no
 * other thread runs for it. Thread-safe.
 */
final class DirectSink implements SinkCalls {
    private final FlowRecordSink sink;
    private final FaultAccount account;
    private final LongAdder taken = new LongAdder();
    /** Those that it did not get, or threw at. */
    private final LongAdder lost = new LongAdder();
    /** What it last reported. Volatile: surfaces ask one after the other. */
    private volatile long itsOwn;

    DirectSink(FlowRecordSink sink, FaultAccount account) {
        this.sink = sink;
        this.account = account;
    }

    @Override
    public BundlePart part() {
        return account.part();
    }

    @Override
    public boolean onLoops() {
        return true;
    }

    @Override
    public boolean of(FlowRecordSink other) {
        return sink == other;
    }

    @Override
    public void take(FlowRecord ended) {
        if (account.quarantined()) {
            lost.increment();
            return;
        }
        try {
            sink.take(ended);
            taken.increment();
        } catch (Throwable lastResort) {
            lost.increment();
            if (account.charge(lastResort, taken.sum())) {
                FlowEvents.sinkFailed(account.part(), lastResort);
            }
        }
    }

    @Override
    public long dropped() {
        try {
            itsOwn = Math.max(itsOwn, sink.dropped());
        } catch (Throwable lastResort) {
            account.note(lastResort);
        }
        return lost.sum() + itsOwn;
    }

    @Override
    public void leave() {
        // Nothing of it is left with the engine.
    }
}
