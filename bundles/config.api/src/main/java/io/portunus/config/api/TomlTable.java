// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.Problem.Position;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A table of the file as it is written. A value is a {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link TomlArray}, another
 * table, or a date or time of {@code java.time}. Immutable. Most read it by a {@link TomlSection}, which reports what is wrong, too.
 */
@ProviderType
public interface TomlTable {
    /** Its keys, none of a table below it. */
    Set<String> keys();

    /** The value of a key, dots in it being part of it; empty if it is not there. */
    Optional<Object> value(String key);

    /**
     * Where a key stands.
     *
     * @throws IllegalArgumentException if it is not there
     */
    Position place(String key);
}
