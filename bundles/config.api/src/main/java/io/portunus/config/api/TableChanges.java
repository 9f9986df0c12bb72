// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import java.util.List;
import java.util.stream.Stream;

/**
 * What differs between what two files say in tables of a kind, by names. Immutable.
 *
 * @param added what only the later has
 * @param changed what both have, and what differs in the later
 * @param removed what only the earlier has
 */
public record TableChanges(List<String> added, List<String> changed, List<String> removed) {
    /** Nothing differs. */
    public static final TableChanges NONE = new TableChanges(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public TableChanges {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** These and others behind them. */
    public TableChanges and(TableChanges others) {
        return new TableChanges(joined(added, others.added), joined(changed, others.changed), joined(removed, others.removed));
    }

    private static List<String> joined(List<String> these, List<String> others) {
        return Stream.concat(these.stream(), others.stream()).toList();
    }
}
