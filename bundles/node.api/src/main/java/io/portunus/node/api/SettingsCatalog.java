// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The settings that the bundles of the node declare, and what is in force. Thread-safe. */
@ProviderType
public interface SettingsCatalog {
    /** Every key of every declared table, in the order of the tables' names. */
    List<Entry> settings();

    /**
     * A key.
     *
     * @param table name of the table, {@code dns}
     * @param key the key
     * @param value what is in force, as the file would have it
     * @param changed whether that is not the default
     * @param sentence what it is, with bounds and default
     */
    record Entry(String table, String key, String value, boolean changed, String sentence) {
    }
}
