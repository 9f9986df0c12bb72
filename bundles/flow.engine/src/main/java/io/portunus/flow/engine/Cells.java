// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The cells of every kind of policy. Thread-safe; a table is there from the first flow on for as long as the engine, and empty it is small. */
final class Cells {
    /** By kind; as many as ever ran. */
    private final Map<String, CellTable> tables = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    Cells(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What all versions of a policy share, those that come later, too. */
    CellTable of(Post policy) {
        return tables.computeIfAbsent(policy.kind(), kind -> new CellTable(nanos));
    }

    /** Policies have come or gone: of a kind of which no version is there nothing is kept that no flow holds. */
    void only(Set<Post> present) {
        Set<String> kinds = present.stream().map(Post::kind).collect(Collectors.toUnmodifiableSet());
        tables.forEach((kind, table) -> table.abandoned(!kinds.contains(kind)));
    }
}
