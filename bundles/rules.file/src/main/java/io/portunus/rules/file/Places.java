// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;

/** Where a file says what turned out to be wrong with a rule once the whole of it was read. Stateless. */
final class Places {
    private static final String RULE = "rule";
    private static final Pattern OF_RULE = Pattern.compile(RULE + "\\[(\\d{1,7})]\\.(.+)");

    private Places() {
    }

    /** The problems with their places; without, if the file cannot be read again. */
    static List<Problem> in(Path file, List<Problem> problems) {
        try {
            List<Problem> placed = new ArrayList<>();
            TomlSection top = new TomlSection(Toml.parse(Files.readString(file)), "", new Position(1, 1), placed);
            TomlArray rules = top.value(RULE, TomlArray.class, "").orElseThrow(() -> new IOException("it has no rules any more"));
            for (Problem problem : problems) {
                Matcher path = OF_RULE.matcher(problem.path());
                if (path.matches() && Integer.parseInt(path.group(1)) < rules.size()) {
                    top.element(rules, RULE, Integer.parseInt(path.group(1))).problemBelow(problem.code(), path.group(2), problem.text());
                } else {
                    placed.add(problem);
                }
            }
            return placed;
        } catch (IOException gone) {
            return problems;
        }
    }
}
