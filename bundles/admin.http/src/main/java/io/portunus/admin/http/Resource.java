// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.time.Duration;
import java.util.Set;

/** One resource of the surface: a new one is a new class and a line in {@link Resources}. Implementations are thread-safe. */
interface Resource {
    /** The one method it has; {@code HEAD} comes with {@code GET}. */
    default String method() {
        return "GET";
    }

    /** Its path; a segment in braces takes any one that is not empty, which {@link Request#variable} gives. */
    String template();

    /** The query parameters it takes. Any other is refused, so a misspelt one is not overlooked. */
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

    /** Whether it is given without the token. */
    default boolean open() {
        return false;
    }

    /** Whether it is given by whatever host name, without the token: then it tells nothing that a page of another site must not see. */
    default boolean anyHost() {
        return false;
    }

    /** Whether monitors ask for it: it takes none of the places, so that no load makes the node look worse than it is. */
    default boolean probe() {
        return false;
    }

    /** Whether its answer costs nothing: it is given by the I/O thread at once, however many requests are at work. */
    default boolean instant() {
        return false;
    }

    /**
     * Answers, on a virtual thread unless it is {@link #instant}.
     *
     * @throws RefusedException if the answer is a problem
     */
    Reply handle(Request request);
}
