// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What only one version of a bundle can hold at a time, such as a socket, a file or the form of the log. Two versions run side by side while one
 * is replaced; of those that apply for the same post the first holds it, and the next takes it when that one has left. So a newer version can
 * start and be checked while the older one serves, a version that is taken back has taken nothing, and no two of them are ever at one socket.
 *
 * <p>A component applies when it is activated and closes its post when it is deactivated. Whoever replaces versions only reads here: whether a
 * version {@linkplain #lacking lacks} something of what it applied for, and whether one that was stopped is still {@linkplain #busy busy} with
 * what it began before, and has to stay installed for that long. Thread-safe; one table for all bundles, with an entry for each post of a version
 * that runs.
 */
public final class Post implements AutoCloseable {
    /** Longest that what was begun before a version left may take: a change of a bundle takes less, and its answer is the longest there is. */
    public static final Duration LONGEST = Duration.ofMinutes(15);

    /** Those that hold or wait, in the order in which they applied, and those that have left and are busy. Guarded by itself. */
    private static final List<Post> LINE = new ArrayList<>();

    private final BundlePart part;
    private final Holder holder;
    /** Whether something that was begun before it left goes on. Guarded by the line. */
    private boolean busy;
    /** Whether it was closed. Guarded by this. */
    private boolean closed;
    // Volatile: written inside the post's lock, read by those who look. Held only once it was taken, and left only once it was let go.
    private volatile boolean held;
    private volatile boolean left;
    private volatile Optional<String> hindrance = Optional.empty();

    /** What is done with a post. One call after the other. */
    public interface Holder {
        /** Takes it; called once at most: by the thread that applies if nobody has it, else by one of the post's own. */
        void take(Post post);

        /** Lets it go, so that the next can take it when this returns; called once at most, and only after it was taken. */
        void leave();
    }

    /** What was begun before a version left, as answers that are still to be given. */
    public interface Rest {
        /**
         * Waits for its end, and then closes what it needed.
         *
         * @param atMost longest that is waited; what is not over by then is broken off
         */
        void finish(Duration atMost) throws InterruptedException;
    }

    private Post(BundlePart part, Holder holder) {
        this.part = part;
        this.holder = holder;
    }

    /**
     * Applies for a post, and takes it at once if nobody has it.
     *
     * @param part the version that applies, and what the post is called; versions of one bundle share what they call the same
     * @return to be closed when the version stops, or has no use for it any more
     */
    public static Post apply(BundlePart part, Holder holder) {
        Post post = new Post(part, holder);
        boolean free;
        synchronized (LINE) {
            LINE.removeIf(Post::gone);
            free = LINE.stream().noneMatch(post::sharesWith);
            LINE.add(post);
        }
        if (free) {
            try {
                post.take();
            } catch (RuntimeException | Error failed) {
                post.close();
                throw failed;
            }
        }
        return post;
    }

    private boolean sharesWith(Post other) {
        return !other.left && other.part.bundle().equals(part.bundle()) && other.part.part().equals(part.part());
    }

    private boolean gone() {
        return left && !busy;
    }

    private synchronized void take() {
        if (!closed && !held) {
            try {
                holder.take(this);
            } catch (RuntimeException | Error failed) {
                hinder("it was not taken: " + failed);
                throw failed;
            } finally {
                held = true;
            }
        }
    }

    /** On a thread of its own, as the one that left is another version's; what it throws is what the version lacks. */
    private void takeLate() {
        try {
            take();
        } catch (RuntimeException | Error lastResort) {
            // It is what the version lacks now, which whoever replaces it reads.
            return;
        }
    }

    /** Whether it is this version's now. */
    public boolean held() {
        return held && !left;
    }

    /** Whether another version waits for it. */
    public boolean awaited() {
        synchronized (LINE) {
            return LINE.stream().anyMatch(other -> other != this && sharesWith(other));
        }
    }

    /** Puts down why it serves nobody although it is held, a sentence; empty once it does. */
    public void hinder(String why) {
        hindrance = Optional.of(why).filter(text -> !text.isEmpty());
    }

    /**
     * Leaves, while what was begun before comes to its end on a thread of the post's own; the version is {@linkplain #busy busy} meanwhile. Only the
     * first close counts.
     */
    public void close(Rest rest) {
        synchronized (LINE) {
            if (left || busy) {
                return;
            }
            busy = true;
        }
        try {
            close();
        } finally {
            Thread.ofPlatform().daemon().name("post-" + part.part()).start(() -> {
                try {
                    rest.finish(LONGEST);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    over();
                }
            });
        }
    }

    private void over() {
        synchronized (LINE) {
            busy = false;
            LINE.removeIf(Post::gone);
        }
    }

    /** Leaves: from then on it is the next one's. */
    @Override
    public void close() {
        try {
            leave();
        } finally {
            next().ifPresent(next -> Thread.ofPlatform().daemon().name("post-" + part.part()).start(next::takeLate));
        }
    }

    private synchronized void leave() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (held) {
                holder.leave();
            }
        } finally {
            left = true;
        }
    }

    private Optional<Post> next() {
        synchronized (LINE) {
            LINE.removeIf(Post::gone);
            return LINE.stream().filter(this::sharesWith).findFirst().filter(next -> !next.held);
        }
    }

    /** What a version applied for and does not serve with, a sentence for each; empty when it lacks nothing. */
    public static List<String> lacking(String bundle, String version) {
        synchronized (LINE) {
            return LINE.stream().filter(post -> post.part.of(bundle, version) && !post.left).flatMap(post -> post.lack().stream()).toList();
        }
    }

    /** What a version has and a newer one did not apply for, by the posts' names: nobody would have it after that one. */
    public static List<String> unclaimed(String bundle, String older, String newer) {
        synchronized (LINE) {
            return LINE.stream().filter(post -> post.part.of(bundle, older) && !post.left).map(post -> post.part.part())
                .filter(name -> LINE.stream().noneMatch(post -> post.part.of(bundle, newer) && !post.left && post.part.part().equals(name))).toList();
        }
    }

    private Optional<String> lack() {
        return held ? hindrance.map(why -> part + ": " + why) : Optional.of(part + " is still held by another version");
    }

    /** Whether a version that left is still at work on what it began before. */
    public static boolean busy(String bundle, String version) {
        synchronized (LINE) {
            return LINE.stream().anyMatch(post -> post.part.of(bundle, version) && post.left && post.busy);
        }
    }
}
