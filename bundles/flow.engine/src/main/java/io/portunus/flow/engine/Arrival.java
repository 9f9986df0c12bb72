// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Stream;

/**
 * A connection that was accepted.
 *
 * @param stream the connection
 * @param listener where it came in
 * @param carrier the transport that carries it; its target is connected by the same, on the same loop
 */
record Arrival(Stream stream, EngineListener listener, Provider carrier) {
}
