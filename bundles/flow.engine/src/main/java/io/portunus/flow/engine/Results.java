// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowResults;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the flows of one provider come to. Thread-safe: loops count without a lock, each flow a few times in its life; surfaces read. */
final class Results {
    /** From a target of the same machine to one that is slow to think. */
    private static final List<Double> FIRST_BYTE = List.of(.001, .002, .004, .008, .016, .032, .064, .128, .256, .512, 1d, 2d, 4d, 8d, 16d);

    private final LongAdder delivered = new LongAdder();
    private final LongAdder oneWay = new LongAdder();
    private final LongAdder nothing = new LongAdder();
    private final LongAdder excused = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder slowTurns = new LongAdder();
    private final TimeCounter firstByte = new TimeCounter(FIRST_BYTE);
    /** The last that was counted, so that a flow counts once in a row. Confined to the thread that watches the loops. */
    private long lastSlow;

    /** The first byte of the target was delivered, so long after the accept. */
    void firstByte(long nanos) {
        firstByte.add(nanos);
    }

    /** A flow has delivered bytes both ways. */
    void delivered() {
        delivered.increment();
    }

    /** A flow ended that had one way only. */
    void oneWay() {
        oneWay.increment();
    }

    /** A flow ended that had delivered nothing. */
    void nothing() {
        nothing.increment();
    }

    /** A flow ended that had not, by nobody's fault who has a part in it. */
    void excused() {
        excused.increment();
    }

    /** It refused a flow. */
    void refused() {
        refused.increment();
    }

    /** It kept the loop in a turn of a flow. */
    void slowTurn(long flow) {
        if (flow != lastSlow) {
            lastSlow = flow;
            slowTurns.increment();
        }
    }

    FlowResults view() {
        return new FlowResults(delivered.sum(), oneWay.sum(), nothing.sum(), excused.sum(), refused.sum(), slowTurns.sum(), firstByte.counts());
    }
}
