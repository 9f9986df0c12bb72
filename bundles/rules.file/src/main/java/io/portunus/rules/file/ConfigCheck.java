// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.UnknownKind;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code --check}: says whether a file can be used, without framework or socket. The launcher calls it by reflection from a class loader
 * with the jars model, node.api, flow.api, rules.file, lib-tomlj and commons-codec; nothing reachable from here may need another.
 */
public final class ConfigCheck {
    private static final int OK = 0;
    private static final int INVALID = 2;

    private ConfigCheck() {
    }

    /**
     * Checks a file.
     *
     * @param file the file
     * @param jars the bundles of the node, which declare their tables
     * @param out gets {@code ok}
     * @param err gets a line for each problem: {@code file:line:column: code: path: text}
     * @return 0 when nothing is wrong, 2 otherwise
     */
    public static int run(Path file, List<Path> jars, PrintStream out, PrintStream err) {
        return switch (reader(jars).read(file)) {
            case ConfigOutcome.Valid valid -> {
                out.println("ok");
                yield OK;
            }
            case ConfigOutcome.Invalid invalid -> refused(file, invalid.problems(), err);
        };
    }

    /**
     * Checks a file for somebody who looks at the answer: with what is known of the installation, hints, and what is in the file.
     *
     * @param kinds kinds of protocol that installed bundles recognise; empty if that is not known
     * @param out gets {@code ok}
     * @param err gets the problems; or, of a good file, hints, its path and how many rules it has
     * @return 0 when nothing is wrong, 2 otherwise
     */
    public static int run(Path file, List<Path> jars, Optional<Set<String>> kinds, PrintStream out, PrintStream err) {
        return switch (reader(jars).read(file)) {
            case ConfigOutcome.Valid valid -> {
                List<Problem> unknown = kinds.map(known -> unknown(valid.config().rules(), known)).orElse(List.of());
                yield unknown.isEmpty() ? told(file, valid, out, err) : refused(file, Places.in(file, unknown), err);
            }
            case ConfigOutcome.Invalid invalid -> refused(file, invalid.problems(), err);
        };
    }

    private static ConfigReader reader(List<Path> jars) {
        Declarations declared = Declarations.of(jars);
        return new ConfigReader(PromptFiles.once(), () -> declared);
    }

    private static List<Problem> unknown(RuleSet rules, Set<String> known) {
        return UnknownKind.problems(ForwardingTable.compile(rules), kind -> !known.contains(kind), known);
    }

    private static int told(Path file, ConfigOutcome.Valid valid, PrintStream out, PrintStream err) {
        List<Rule> rules = valid.config().rules().rules();
        EphemeralPorts.ofThisSystem().hints(rules).forEach(hint -> err.println(ProblemLine.plain(file + ": hint: " + hint)));
        out.println("ok");
        long off = rules.stream().filter(rule -> !rule.enabled()).count();
        err.println(ProblemLine.plain(file + ": " + (rules.size() == 1 ? "1 rule" : rules.size() + " rules")
            + (off == 0 ? "" : ", " + off + " of them not enabled")));
        return OK;
    }

    private static int refused(Path file, List<Problem> problems, PrintStream err) {
        problems.forEach(p -> err.println(ProblemLine.of(file.toString(), p)));
        return INVALID;
    }
}
