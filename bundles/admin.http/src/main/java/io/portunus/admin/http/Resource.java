// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.Set;

/** One resource of the surface: a new one is a new class and a line in {@link Resources}. Implementations are thread-safe. */
interface Resource {
    /** The one method it has; {@code HEAD} comes with {@code GET}. */
    default String method() {
        return "GET";
    }

    /** Its path; a segment in braces takes any one segment, which {@link Request#variable} gives. */
    String template();

    /** The query parameters it takes. Any other is refused, so a misspelt one is not overlooked. */
    default Set<String> parameters() {
        return Set.of();
    }

    /** Whether it is given without the token. */
    default boolean open() {
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
