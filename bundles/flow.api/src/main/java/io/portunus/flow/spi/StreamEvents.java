// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Notified of readiness, on the stream's loop. A stream that the engine gives away is guarded: what is thrown here ends its flow. One that a
 * transport gives to the engine is not, and the engine throws nothing.
 */
@ConsumerType
public interface StreamEvents {
    /** The stream has bytes, an end, or a reset to be read. */
    void readable(Stream stream);

    /** The stream takes bytes. */
    void writable(Stream stream);
}
