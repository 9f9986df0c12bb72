// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** Notified of readiness of a datagram socket, on its loop. */
@ConsumerType
public interface DatagramEvents {
    /** There are datagrams, or there is a fault, to be had. */
    void readable(DatagramPort port);

    /** There is room for datagrams. */
    void writable(DatagramPort port);
}
