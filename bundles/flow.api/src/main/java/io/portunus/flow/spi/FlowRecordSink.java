// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.FlowRecord;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes access records. Of two versions of one bundle the first that came gets them until it goes, and the next from then on, each record once.
 * Thread-safe.
 */
@ConsumerType
public interface FlowRecordSink {
    /**
     * Takes the record of a flow that ended. Called on the flow's loop for each of them, so it never blocks, takes no lock and makes as good
     * as nothing; what it keeps of the record it copies before it returns. A record that it has no room for it drops and counts.
     */
    void take(FlowRecord flow);

    /** Records that were dropped since the sink came, wherever they were lost; it never falls. The engine reports the sum of all sinks. */
    long dropped();
}
