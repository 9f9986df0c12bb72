// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A family of a metrics page.
 *
 * @param name its name
 * @param type its type
 * @param help its sentence
 * @param labels names of its labels, sorted
 */
record MetricFamily(String name, String type, String help, List<String> labels) {
    private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"");

    /** The families of a page in the text format 0.0.4, whose samples have no commas in their values. */
    static List<MetricFamily> parse(String page) {
        List<String> lines = page.lines().toList();
        List<MetricFamily> families = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                String name = words[2];
                families.add(new MetricFamily(name, words[3], after(lines, "# HELP " + name + " "), labels(lines, name)));
            }
        }
        return families;
    }

    private static String after(List<String> lines, String start) {
        return lines.stream().filter(l -> l.startsWith(start)).map(l -> l.substring(start.length())).findFirst().orElse("");
    }

    private static List<String> labels(List<String> lines, String name) {
        TreeSet<String> labels = new TreeSet<>();
        lines.stream().filter(l -> l.startsWith(name + "{") || l.startsWith(name + "_count{"))
            .forEach(l -> LABEL.matcher(l).results().map((MatchResult m) -> m.group(1)).forEach(labels::add));
        return List.copyOf(labels);
    }
}
