// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableKey;
import java.util.Arrays;
import java.util.List;

/** Every key that is about the node itself, with the sentence for the reference; those of others are declared by them. */
enum OwnKey {
    GLOBAL("", "global", "Table: what belongs to the whole node."),

    LABEL("global", "label", "Name of the node in metrics, 1 to 255 bytes; default is the host name."),
    SHUTDOWN_DRAIN_SECS("global", "shutdown_drain_secs", "Seconds that live connections get at shut-down, 0 to 3600; default 30. Also what rules have"
        + " that do not say drain_secs.");

    private final String table;
    private final String key;
    private final String sentence;

    OwnKey(String table, String key, String sentence) {
        this.table = table;
        this.key = key;
        this.sentence = sentence;
    }

    /** All of them. */
    static List<TableKey> keys() {
        return Arrays.stream(values()).map(own -> new TableKey(own.table, own.key, own.sentence, true)).toList();
    }
}
