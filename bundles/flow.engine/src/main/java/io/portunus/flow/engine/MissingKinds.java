// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.util.HashSet;
import java.util.Set;

/** Kinds that rules want and nobody recognises, and what was told of them. Looked for under the engine's apply lock; {@link #now} by anybody. */
final class MissingKinds {
    /** Volatile: replaced under the lock, read by surfaces. */
    private volatile Set<String> missing = Set.of();
    private final Set<String> told = new HashSet<>();

    Set<String> now() {
        return missing;
    }

    /** Looks again, and tells of kinds that nobody is waited for any more, and of those that came. */
    void look(Lacks lacks) {
        Set<String> kinds = lacks.kinds();
        missing = kinds;
        for (String kind : kinds) {
            if (!lacks.absences().awaited(Post.inspector(kind)) && told.add(kind)) {
                ListenEvents.missing(kind, lacks.unrecognised(kind));
            }
        }
        told.stream().filter(kind -> !kinds.contains(kind)).toList().forEach(kind -> {
            told.remove(kind);
            if (lacks.serving().of(Post.inspector(kind)).isPresent()) {
                ListenEvents.there(kind);
            }
        });
    }
}
