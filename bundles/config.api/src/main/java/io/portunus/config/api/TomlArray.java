// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.Problem.Position;
import org.osgi.annotation.versioning.ProviderType;

/** An array of the file as it is written, one of tables included; its elements are values as those of a {@link TomlTable}. Immutable. */
@ProviderType
public interface TomlArray {
    /** How many elements it has. */
    int size();

    /**
     * An element, from 0.
     *
     * @throws IndexOutOfBoundsException if there are not that many
     */
    Object get(int index);

    /** Whether an element is a table. */
    default boolean isTable(int index) {
        return get(index) instanceof TomlTable;
    }

    /** Where an element stands. */
    Position place(int index);
}
