// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Finds, completes and describes the commands, and runs one to its text, before anybody is served. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class CommandsSelfCheck implements SelfCheck {
    private static final String KNOWN = "upgrade";
    private final NodeParts parts;

    /** Takes what the commands ask, which may all be missing. */
    @Activate
    public CommandsSelfCheck(@Reference NodeParts parts) {
        this.parts = parts;
    }

    @Override
    public List<Problem> run() {
        List<Problem> problems = new ArrayList<>();
        require(new Completions(parts).of(List.of("upgr")).equals(List.of(KNOWN)), "a known command is not offered to who types it", problems);
        require(CommandBook.OURS.unknown("upgrad").contains("'" + KNOWN + "'"), "a misspelt command is not recognised", problems);
        require(Detached.await("", () -> new TextTable("COMMAND", "DOES").row(KNOWN, "\u001b[2J").render())
            .equals("COMMAND  DOES\nupgrade  \\x1b[2J"), "a table is not what it should be", problems);
        return problems;
    }

    private static void require(boolean met, String otherwise, List<Problem> problems) {
        if (!met) {
            problems.add(Problem.of(SelfCheck.FAILED, "", "Of the commands, " + otherwise + "."));
        }
    }
}
