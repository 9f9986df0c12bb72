// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Stream;
import java.time.Instant;

/**
 * A connection that was accepted.
 *
 * @param stream the connection
 * @param listener where it came in
 * @param carrier the transport that carries it; its target is connected by the same, on the same loop
 * @param acceptedAt when that was; it may have waited since
 * @param acceptedNanos the same by the engine's clock of time spans
 */
record Arrival(Stream stream, EngineListener listener, Provider carrier, Instant acceptedAt, long acceptedNanos) {
    /** Called with each connection, on its loop. */
    interface Door {
        void accepted(Stream stream, EngineListener listener, Provider carrier);
    }
}
