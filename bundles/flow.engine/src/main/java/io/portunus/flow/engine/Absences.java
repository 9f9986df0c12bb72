// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Listener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * For how long nobody has served what rules require, and so whether connections wait for somebody or pass over such rules. Thread-safe. Who has
 * just gone may be on the way to be replaced, and at the start parts come in any order.
 */
final class Absences {
    /** How long somebody who went, or has not come yet, is waited for; as long as a connection waits. */
    static final Duration GRACE = HandlerQueue.PATIENCE;

    private final LongSupplier nanoClock;
    /** Those who are not there and were; as many as ever were there. */
    private final Map<Post, Gone> gone = new ConcurrentHashMap<>();
    /** When connections could first come. Volatile: written by the first publish, read by I/O threads. */
    private volatile Optional<Long> begun = Optional.empty();

    /** When somebody went, and of what bundle it was. */
    private record Gone(long nanos, String bundle) {
    }

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

    /**
     * Takes a change of who serves.
     *
     * @param before who served, with the names of their bundles
     * @param after who serves
     * @return whether somebody went
     */
    boolean changed(Map<Post, String> before, Set<Post> after) {
        boolean went = false;
        for (Map.Entry<Post, String> served : before.entrySet()) {
            if (!after.contains(served.getKey())) {
                gone.put(served.getKey(), new Gone(nanoClock.getAsLong(), served.getValue()));
                went = true;
            }
        }
        gone.keySet().removeAll(after);
        return went;
    }

    /** Whether a connection has to wait for those who are missing. Where its port has nothing else, it waits as long as any may. */
    boolean awaited(Connection connection, List<Post> missing) {
        return !missing.stream().allMatch(Post::dispensable) || recent(missing, nanoClock.getAsLong())
            || recent(missing, connection.arrival().acceptedNanos()) && leavesNothing(connection.listener().routes(), missing);
    }

    private boolean recent(List<Post> missing, long at) {
        for (Post post : missing) {
            Optional<Long> since = Optional.ofNullable(gone.get(post)).map(Gone::nanos).or(() -> begun);
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
        Listener left = routes.without(missing.stream().filter(Post::inspects).map(Post::kind).collect(Collectors.toUnmodifiableSet()));
        List<Post> named = missing.stream().filter(post -> !post.inspects()).toList();
        return left.takesNothing() || !named.isEmpty() && left.routes().stream()
            .allMatch(route -> named.stream().anyMatch(post -> Lacks.names(route.rule(), post)));
    }

    /** Symbolic name of the bundle of whoever served something last that nobody serves now; empty if nobody ever did. */
    Optional<String> former(Post missing) {
        return Optional.ofNullable(gone.get(missing)).map(Gone::bundle);
    }
}
