// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** What a handler has for one session. Called on the session's loop. */
@ConsumerType
public interface DatagramSession {
    /**
     * The client has sent something.
     *
     * @param batch has it; it is the engine's, and what is to be kept is copied before this returns
     * @param first the first datagram of the client's
     * @param end the one behind the last
     */
    void received(DatagramBatch batch, int first, int end);
}
