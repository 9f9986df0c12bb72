// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Standard error whose lines do not run into the terminal's prompt. Thread-safe. */
final class AbovePrompt extends PrintStream {
    private final Predicate<String> prompt;

    /**
     * Prints to a stream.
     *
     * @param prompt prints a line above the prompt, or answers false if there is none
     */
    AbovePrompt(PrintStream err, Predicate<String> prompt) {
        super(err, true, StandardCharsets.UTF_8);
        this.prompt = prompt;
    }

    @Override
    public void println(String line) {
        if (!prompt.test(line + "\n")) {
            super.println(line);
        }
    }
}
