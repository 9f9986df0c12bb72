// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.Installed;
import io.portunus.config.api.TableKind;
import io.portunus.config.api.Tables;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code --check}: reports whether a file can be used, without framework or socket. The launcher calls it by reflection from a class loader
 * with the jars of the feature {@code check}: contracts, config.file, every bundle that reads tables by code, and what they need; nothing reachable
 * from here may need another. No code of other bundles is run; what they declare is data.
 */
public final class ConfigCheck {
    private static final int OK = 0;
    private static final int INVALID = 2;
    /** What rules name by its kind. */
    private static final Set<String> ROLES = Set.of("inspector", "datagram_inspector", "policy");

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
            case Reading.Good good -> {
                out.println("ok");
                yield OK;
            }
            case Reading.Bad bad -> refused(file, bad.problems(), err);
        };
    }

    /**
     * Checks a file for somebody who looks at the answer: with what is known of the installation, hints, and what is in the file.
     *
     * @param provided kinds that installed bundles declare, by role: {@code "inspector"}, {@code "datagram_inspector"} and {@code "policy"}; without
     *     a role of which that is not known
     * @param out gets {@code ok}
     * @param err gets the problems; or, of a good file, hints, its path and how much is in it
     * @return 0 when nothing is wrong, 2 otherwise
     */
    public static int run(Path file, List<Path> jars, Map<String, Set<String>> provided, PrintStream out, PrintStream err) {
        return switch (reader(jars).read(file)) {
            case Reading.Good good -> {
                Collection<Tables> tables = new TreeMap<>(good.config().tables()).values();
                Optional<Installed> known = installed(provided);
                List<Problem> unknown = tables.stream().flatMap(its -> known.map(its::unrecognised).orElse(List.of()).stream()).toList();
                yield unknown.isEmpty() ? accepted(file, tables, out, err) : refused(file, Places.in(file, unknown), err);
            }
            case Reading.Bad bad -> refused(file, bad.problems(), err);
        };
    }

    private static Optional<Installed> installed(Map<String, Set<String>> provided) {
        return Optional.of(provided).filter(its -> its.keySet().containsAll(ROLES)).map(its -> new Installed(its.entrySet().stream()
            .flatMap(role -> role.getValue().stream().map(kind -> new Offer(role.getKey(), kind))).collect(Collectors.toSet())));
    }

    private static ConfigReader reader(List<Path> jars) {
        List<TableKind> kinds = new ArrayList<>();
        ServiceLoader.load(TableKind.class, ConfigCheck.class.getClassLoader()).forEach(kinds::add);
        Grammar grammar = Grammar.of(Declarations.of(jars), kinds);
        return new ConfigReader(PromptFiles.once(), () -> grammar);
    }

    private static int accepted(Path file, Collection<Tables> tables, PrintStream out, PrintStream err) {
        tables.forEach(its -> its.hints().forEach(hint -> err.println(ProblemLine.plain(file + ": hint: " + hint))));
        out.println("ok");
        err.println(ProblemLine.plain(file + ": " + tables.stream().map(Tables::summary).collect(Collectors.joining(", "))));
        return OK;
    }

    private static int refused(Path file, List<Problem> problems, PrintStream err) {
        problems.forEach(p -> err.println(ProblemLine.of(file.toString(), p)));
        return INVALID;
    }
}
