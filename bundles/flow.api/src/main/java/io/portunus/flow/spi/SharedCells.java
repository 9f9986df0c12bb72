// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Numbers that all versions of a policy share, by key: buckets and counts that have to go on where they are when another version serves new
 * flows, and while both have flows. The engine owns them; a policy has those of its kind. Thread-safe; no call waits for another.
 */
@ProviderType
public interface SharedCells {
    /** Values of a cell. */
    int VALUES = 8;
    /** Most cells of a policy that nobody holds and that are kept for somebody who comes again; then those that were left first are forgotten. */
    int MAX_UNHELD = 16_384;

    /**
     * Holds the cell of a key, until it is let go. A new cell has zeros.
     *
     * @param key what it counts for
     */
    SharedCell hold(CellKey key);
}
