// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView.Role;
import io.portunus.model.Listener;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * For how long nobody has served what rules want, and so whether connections wait for somebody or pass over such rules. Thread-safe. Who has
 * just gone may be on the way to be replaced, and at the start parts come in any order.
 */
final class Absences {
    /** How long somebody who went, or has not come yet, is waited for; as long as a connection waits. */
    static final Duration GRACE = HandlerQueue.PATIENCE;

    private final LongSupplier nanoClock;
    /** When those went who are not there; as many as ever were there. */
    private final Map<Post, Long> gone = new ConcurrentHashMap<>();
    /** When connections could first come. Volatile: written by the first publish, read by I/O threads. */
    private volatile Optional<Long> begun = Optional.empty();

    Absences(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Connections may come from now on; whether that is news. */
    boolean begin() {
        boolean news = begun.isEmpty();
        if (news) {
            begun = Optional.of(nanoClock.getAsLong());
        }
        return news;
    }

    /** Takes a change of who serves; whether somebody went. */
    boolean changed(Set<Post> before, Set<Post> after) {
        boolean went = false;
        for (Post post : before) {
            if (!after.contains(post)) {
                gone.put(post, nanoClock.getAsLong());
                went = true;
            }
        }
        gone.keySet().removeAll(after);
        return went;
    }

    /** Whether a connection has to wait for those who are missing. Where its port has nothing else, it waits as long as any may. */
    boolean awaited(Arrival arrival, List<Post> missing) {
        return !missing.stream().allMatch(Post::dispensable) || recent(missing, nanoClock.getAsLong())
            || recent(missing, arrival.acceptedNanos()) && leavesNothing(arrival.listener().routes(), missing);
    }

    private boolean recent(List<Post> missing, long at) {
        for (Post post : missing) {
            Optional<Long> since = Optional.ofNullable(gone.get(post)).or(() -> begun);
            if (since.isEmpty() || at - since.get() < GRACE.toNanos()) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody who is missing is still waited for. */
    boolean awaited(Post missing) {
        return recent(List.of(missing), nanoClock.getAsLong());
    }

    /** Whether somebody was there before. */
    boolean went(Post missing) {
        return gone.containsKey(missing);
    }

    /** Whether a listener takes no connection at all while these are missing. */
    static boolean leavesNothing(Listener routes, Collection<Post> missing) {
        Listener left = routes.without(kinds(Role.INSPECTOR, missing));
        Set<String> policies = kinds(Role.POLICY, missing);
        return left.takesNothing() || !policies.isEmpty() && left.routes().stream()
            .noneMatch(route -> Collections.disjoint(route.rule().governance().policies().keySet(), policies));
    }

    /** The kinds of those that have a role. */
    static Set<String> kinds(Role role, Collection<Post> posts) {
        return posts.stream().filter(post -> post.role() == role).map(Post::kind).collect(Collectors.toUnmodifiableSet());
    }
}
