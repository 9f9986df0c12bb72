// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.function.Predicate;

/**
 * Where lines go that would else run into the prompt of the terminal that the process was started on. Registered as {@link Predicate}, too,
 * with {@link #PROPERTY}, for who cannot see this type. May be called by any thread, and then waits for the terminal.
 */
public interface PromptOutput extends Predicate<String> {
    /** Property of the service. */
    String PROPERTY = "portunus.prompt";

    /**
     * Prints lines above the prompt. Whoever had to print them elsewhere asks again with no lines: the prompt may have come meanwhile, and is
     * drawn again then.
     *
     * @param lines whole lines, each with its newline; empty to draw the prompt again
     * @return false if nothing was printed, because there is no prompt now or standard error is somewhere else: it is to be printed there
     */
    @Override
    boolean test(String lines);
}
