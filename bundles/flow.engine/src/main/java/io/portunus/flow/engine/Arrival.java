// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.EventLoop;
import java.time.Instant;

/**
 * Where and when a client came.
 *
 * @param listener where it came in
 * @param carrier the transport that carries it; its target is connected by the same, on the same loop
 * @param loop the loop it lives on
 * @param acceptedAt when that was; it may have waited since
 * @param acceptedNanos the same by the engine's clock of time spans
 */
record Arrival(EngineListener listener, Provider carrier, EventLoop loop, Instant acceptedAt, long acceptedNanos) {
}
