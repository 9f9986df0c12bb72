// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Stream;

/**
 * A connection that was accepted.
 *
 * @param stream the connection
 * @param arrival where and when it came
 */
record Connection(Stream stream, Arrival arrival) {
    /** Called with each connection, on its loop. */
    interface Acceptor {
        void accepted(Stream stream, EngineListener listener, Provider carrier);
    }

    EngineListener listener() {
        return arrival.listener();
    }
}
