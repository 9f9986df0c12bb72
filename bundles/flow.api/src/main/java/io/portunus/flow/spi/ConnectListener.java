// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** Called once with the result of a connection attempt, on the loop it was started for. */
@ConsumerType
public interface ConnectListener {
    /** The stream is open; it belongs to the callee now. */
    void connected(Stream stream);

    /** It failed. */
    void failed(ConnectFailure why);
}
