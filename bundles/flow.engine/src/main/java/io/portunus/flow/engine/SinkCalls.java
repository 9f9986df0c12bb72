// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.BundlePart;

/** One sink, as records are given to it. Thread-safe; nothing that the sink does comes out of it. */
interface SinkCalls {
    /** Whose it is. */
    BundlePart part();

    /** Whether it is called on the loops, with records that are views. */
    boolean onLoops();

    /** Whether it is of this sink. */
    boolean of(FlowRecordSink other);

    /** Gives it a record, or drops and counts that. On a loop; a view of a flow only until it returns. */
    void take(FlowRecord ended);

    /** Records that were dropped, by it or before they came to it; it never falls. */
    long dropped();

    /** It goes: what it has not got within a second is dropped. On no loop. */
    void leave();
}
