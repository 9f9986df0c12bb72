// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/** Who this node is. Thread-safe. */
@ProviderType
public interface NodeInfo {
    /** {@code [global] label}, or the host name; metrics carry it as the label {@code client}. */
    String label();

    /** Version of the distribution. */
    String version();

    /** When the process started. */
    Instant startedAt();
}
