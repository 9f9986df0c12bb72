// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Where every change by any face is written down: an event of the log, at every level. Thread-safe; never blocks. */
@ProviderType
public interface ChangeLog {
    /** Changes kept in memory. */
    int MAX_KEPT = 256;

    /** Writes a change down. */
    void add(Change change);

    /** The last changes, the newest first, at most {@value #MAX_KEPT}. */
    List<Change> recent();
}
