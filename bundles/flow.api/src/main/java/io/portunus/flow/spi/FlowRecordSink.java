// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.FlowRecord;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes access records. Thread-safe. */
@ConsumerType
public interface FlowRecordSink {
    /**
     * Takes a record; called on an I/O thread, so it never blocks.
     *
     * @return whether there was room for it; a record without room is dropped and counted by the engine
     */
    boolean offer(FlowRecord flow);
}
