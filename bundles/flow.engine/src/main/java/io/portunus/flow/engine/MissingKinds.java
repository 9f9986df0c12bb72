// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Offer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What rules name and nobody serves, and what was logged of it. Looked for under the engine's apply lock; {@link #now} by anybody. */
final class MissingKinds {
    /** Volatile: replaced under the lock, read by surfaces. */
    private volatile Set<Post> missing = Set.of();
    private final Set<Post> reported = new HashSet<>();

    /** The inspectors and policies among them. */
    Set<Offer> now() {
        Set<Post> all = missing;
        return all.isEmpty() ? Set.of() : named(all);
    }

    /** Those that the rules of a file name by their kind. */
    static Set<Offer> named(Collection<Post> posts) {
        return posts.stream().filter(Post::ofOthersToo).map(Post::offer).collect(Collectors.toUnmodifiableSet());
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
