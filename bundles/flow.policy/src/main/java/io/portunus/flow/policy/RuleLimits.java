// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.SharedCells;
import io.portunus.model.Rule;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * The limits of one rule as one flow holds them: three buckets and the count of open flows, each in a cell. What the rule sets is in the cells, too:
 * whoever learns it first writes it there for all. Confined to the flow's loop; the cells are not.
 */
final class RuleLimits {
    private static final int OPEN = 0;
    private static final int MOST = 1;

    private final Bucket in;
    private final Bucket out;
    private final Bucket opened;
    private final SharedCell flows;

    /** Holds the cells of a rule. */
    RuleLimits(SharedCells cells, Rule rule, LongSupplier nanos) {
        in = new Bucket(cells.hold(CellKey.of("rule/in", rule)), nanos);
        out = new Bucket(cells.hold(CellKey.of("rule/out", rule)), nanos);
        opened = new Bucket(cells.hold(CellKey.of("rule/opened", rule)), nanos);
        flows = cells.hold(CellKey.of("rule/flows", rule));
    }

    /** Goes by what the rule sets from now on. */
    void set(Limits limits) {
        in.set(limits.in());
        out.set(limits.out());
        opened.set(limits.opened());
        flows.values().set(MOST, limits.most());
    }

    Bucket in() {
        return in;
    }

    Bucket out() {
        return out;
    }

    Bucket opened() {
        return opened;
    }

    /** Flows that are open and count. */
    long count() {
        return flows.values().get(OPEN);
    }

    /** Whether one more flow may be open; if so, it is counted. */
    boolean enter() {
        AtomicLongArray values = flows.values();
        long most = values.get(MOST);
        if (values.incrementAndGet(OPEN) <= most || most == 0) {
            return true;
        }
        leave();
        return false;
    }

    /** Counts one that is open already. */
    void join() {
        flows.values().incrementAndGet(OPEN);
    }

    void leave() {
        flows.values().decrementAndGet(OPEN);
    }

    /** Whether one more may be opened now; if so, it has its token. */
    boolean open() {
        return opened.take(1, 1) == 1;
    }

    /** It was opened for nothing. */
    void unopen() {
        opened.giveBack(1);
    }

    /** Lets the cells go. */
    void release() {
        in.release();
        out.release();
        opened.release();
        flows.release(Duration.ZERO);
    }
}
