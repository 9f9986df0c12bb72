// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One method of one path of the admin surface. Register it as a service: it is served until it is unregistered, while the socket stays
 * open. Of two with the same method and template the first keeps it; the other is logged, shown by {@code /readyz} as degraded, and takes
 * over when the first goes. Once it is unregistered no request comes in (503, after a minute 404); those at work have 2 s to end, and are then
 * interrupted.
 *
 * <p>All but {@link #handle} is read once, when it appears. {@code handle} is called on the request's own thread, several at once. A request has
 * 30 s from its header to the last byte of its answer, and what the resource adds; at its end its connection is closed and its thread
 * interrupted. While eight requests hang beyond their ends, further ones are refused (503). What it throws, but for
 * {@link RefusedException}, is logged and answered 500 without a trace.
 */
@ConsumerType
public interface Resource {
    /** Largest that {@link #maxBodyBytes} may be. */
    long MOST_BODY_BYTES = 64L << 20;
    /** Longest that {@link #patience} may be. */
    Duration MOST_PATIENCE = Duration.ofMinutes(15);

    /** The one method it has, in capitals; {@code HEAD} comes with {@code GET}, and {@code OPTIONS} is answered for it. */
    default String method() {
        return "GET";
    }

    /**
     * Its path, which begins with {@code /}; a segment in braces takes any one that is not empty, which {@link Request#variable} gives, and
     * a word goes before a brace that would take it too. Everything of a bundle's own stands below {@code /v1/} and a word of its own.
     */
    String template();

    /**
     * The right a call needs: a caller whom no {@link Authenticator} knows is answered 401, one without the right 403. Empty: anybody may
     * call it without credentials.
     */
    Optional<Right> right();

    /** The query parameters it takes, at most 16. Any other is refused, so a misspelt one is not overlooked. */
    default Set<String> parameters() {
        return Set.of();
    }

    /**
     * Most bytes of the body that {@link Request#body} gives; 0 for a resource that takes none. Its requests have a second more for each
     * MiB of this.
     */
    default long maxBodyBytes() {
        return 0;
    }

    /** Longest that it waits for the node, over and above the time that every request has. */
    default Duration patience() {
        return Duration.ZERO;
    }

    /** Whether one without a right is given by whatever host name: then it returns nothing that a page of another site must not see. */
    default boolean anyHost() {
        return false;
    }

    /** Whether monitors ask for it: it takes none of the places of requests at work, so that no load makes the node look worse than it is. */
    default boolean probe() {
        return false;
    }

    /**
     * Whether a call goes on when its bundle is stopped meanwhile, as one that replaces this very bundle: it is neither waited for nor interrupted,
     * and its answer is given. The bundle keeps itself installed for that long ({@code Post} of {@code node.api}), and what it needs of others it
     * has asked for before.
     */
    default boolean outlasts() {
        return false;
    }

    /**
     * Answers.
     *
     * @throws RefusedException if the answer is a problem
     */
    Reply handle(Request request);
}
