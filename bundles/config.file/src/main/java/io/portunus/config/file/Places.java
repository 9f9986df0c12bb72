// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableKeys;
import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlSection;
import io.portunus.config.api.TomlTable;
import io.portunus.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;

/** Where a file sets what turned out to be wrong with a table once the whole of it was read. Stateless. */
final class Places {
    /** Name and number of a table, and what is below it. */
    private static final Pattern IN_TABLE = Pattern.compile("([A-Za-z][A-Za-z0-9_]*)\\[(\\d{1,7})]\\.(.+)");

    private Places() {
    }

    /** The problems with their places; without, if the file cannot be read again. */
    static List<Problem> in(Path file, List<Problem> problems) {
        try {
            List<Problem> placed = new ArrayList<>();
            TomlSection top = TomlSection.top(new ParsedTable(Toml.parse(Files.readString(file))), new TableKeys(List.of()), placed);
            problems.forEach(problem -> place(top, problem));
            return placed;
        } catch (IOException gone) {
            return problems;
        }
    }

    private static void place(TomlSection top, Problem problem) {
        Matcher path = IN_TABLE.matcher(problem.path());
        if (path.matches() && top.raw(path.group(1)).orElse("") instanceof TomlArray tables && Integer.parseInt(path.group(2)) < tables.size()
                && tables.get(Integer.parseInt(path.group(2))) instanceof TomlTable) {
            top.element(tables, path.group(1), Integer.parseInt(path.group(2))).problemBelow(problem.code(), path.group(3), problem.text());
        } else {
            top.problems().add(problem);
        }
    }
}
