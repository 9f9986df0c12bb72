// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.PromptOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;
import org.osgi.service.component.annotations.Component;

/** Prints lines above the prompt of the terminal, as long as there is one and standard error is that terminal. Thread-safe. */
@Component(service = {TerminalOutput.class, PromptOutput.class, Predicate.class}, property = PromptOutput.PROPERTY + "=above")
public final class TerminalOutput implements PromptOutput {
    /** Volatile: set by the terminal's thread, read by whoever prints. */
    private volatile Optional<LineReaderImpl> reader = Optional.empty();

    /** From here on there may be a prompt. */
    void use(LineReaderImpl newer) {
        if (standardErrorIsTheTerminal()) {
            reader = Optional.of(newer);
        }
    }

    /** Where the system does not state it, it is taken for another place, and nothing is lost. */
    private static boolean standardErrorIsTheTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).equals(Files.readSymbolicLink(Path.of("/proc/self/fd/0")));
        } catch (IOException unknown) {
            return false;
        }
    }

    @Override
    public boolean test(String lines) {
        Optional<LineReaderImpl> present = reader.filter(LineReaderImpl::isReading);
        try {
            present.ifPresent(prompting -> print(prompting, lines));
            return present.isPresent();
        } catch (IllegalStateException gone) {
            // The line was entered meanwhile, and its prompt needs nothing any more.
            return false;
        }
    }

    private static void print(LineReaderImpl prompting, String lines) {
        if (lines.isEmpty()) {
            prompting.callWidget(LineReader.REDRAW_LINE);
            prompting.callWidget(LineReader.REDISPLAY);
        } else {
            prompting.printAbove(lines.stripTrailing());
        }
    }
}
