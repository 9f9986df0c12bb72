// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A piece of the file that has, as far as can be seen from outside, one table of a kind and nothing else. Equal to every other with the same
 * bytes, which it is compared by without being read. Immutable; it keeps the bytes of its whole file.
 */
@ProviderType
public interface TomlPiece {
    /**
     * Reads it as a document of its own.
     *
     * @return the table, whose {@link TomlSection#problems()} are its own; empty if the piece is no TOML, or has more or less than that table
     */
    Optional<TomlSection> read();
}
