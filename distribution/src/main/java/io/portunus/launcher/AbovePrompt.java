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
     * @param prompt prints a line above the prompt, or answers false if there is none; draws it again for an empty line
     */
    AbovePrompt(PrintStream err, Predicate<String> prompt) {
        super(err, true, StandardCharsets.UTF_8);
        this.prompt = prompt;
    }

    @Override
    public void println(String line) {
        if (!prompt.test(line + "\n")) {
            super.println(line);
            // It may have come meanwhile, and is drawn again then.
            boolean unused = prompt.test("");
        }
    }
}
