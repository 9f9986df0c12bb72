// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import java.util.List;
import java.util.Optional;

/**
 * The keys that one component has in a table of the file; see {@link io.portunus.node.api.SettingsTable}. Immutable.
 *
 * @param name of the table, {@code dns}
 * @param title what its component is, as a sentence has it
 * @param pid configuration of the component
 * @param optional whether it is configured only if the table is there
 * @param toggle key that may stand for the table; empty if none may
 * @param sentence what the table is
 * @param keys its keys
 */
record DeclaredTable(String name, String title, String pid, boolean optional, String toggle, String sentence, List<DeclaredKey> keys) {
    /** Copies the list. */
    DeclaredTable {
        keys = List.copyOf(keys);
    }

    /** The keys that the file may have. */
    List<DeclaredKey> written() {
        return keys.stream().filter(DeclaredKey::written).toList();
    }

    Optional<DeclaredKey> find(String key) {
        return written().stream().filter(its -> its.key().equals(key)).findFirst();
    }

    /** The key that a word as {@code to=file} is about, and what it must be. */
    static List<String> condition(String text) {
        return List.of(text.split("=", 2));
    }
}
