// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** Recognises a protocol by the prelude, the client's first bytes, which it never consumes. Thread-safe; its inspections are not. */
@ConsumerType
public interface Inspector extends ReasonOwner {
    /** The kind of prelude it gives, {@code "tls"}; listeners ask for it by this name. */
    String kind();

    /** Begins with a new connection. */
    Inspection begin();
}
