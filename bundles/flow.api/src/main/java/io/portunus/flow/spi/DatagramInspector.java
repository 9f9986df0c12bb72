// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Recognises a protocol by the first datagrams of a client, which it never consumes: what {@link Inspector} is to connections. Thread-safe; its
 * inspections are not.
 */
@ConsumerType
public interface DatagramInspector extends ReasonOwner {
    /** The kind of prelude it gives, {@code "quic"}; listeners of datagrams ask for it by this name. */
    String kind();

    /** Begins with a new client. */
    DatagramInspection begin();
}
