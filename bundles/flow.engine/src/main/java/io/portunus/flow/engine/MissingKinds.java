// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView.Role;
import java.util.HashSet;
import java.util.Set;

/** What rules name and nobody serves, and what was logged of it. Looked for under the engine's apply lock; {@link #now} by anybody. */
final class MissingKinds {
    /** Volatile: replaced under the lock, read by surfaces. */
    private volatile Set<Post> missing = Set.of();
    private final Set<Post> reported = new HashSet<>();

    /** Kinds of a role. */
    Set<String> now(Role role) {
        Set<Post> all = missing;
        return all.isEmpty() ? Set.of() : Absences.kinds(role, all);
    }

    boolean none() {
        return missing.isEmpty();
    }

    /** Looks again, and logs kinds that nobody is waited for any more, and those that came. */
    void look(Lacks lacks) {
        Set<Post> posts = lacks.ofRules();
        missing = posts;
        for (Post post : posts) {
            if (!lacks.absences().awaited(post) && reported.add(post)) {
                ListenEvents.missing(post, lacks.ofRules(post));
            }
        }
        reported.stream().filter(post -> !posts.contains(post)).toList().forEach(post -> {
            reported.remove(post);
            if (lacks.serving().of(post).isPresent()) {
                ListenEvents.there(post);
            }
        });
    }
}
