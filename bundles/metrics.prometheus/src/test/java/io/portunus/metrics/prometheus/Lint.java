// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rules of {@code promtool check metrics} that a page of ours can break, so that no tool is needed to hold them. Stateless. */
final class Lint {
    private static final Set<String> SHORT_UNITS = Set.of("s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d");
    private static final Set<String> OTHER_UNITS = Set.of("milliseconds", "microseconds", "nanoseconds", "minutes", "hours", "days", "weeks",
        "kilobytes", "megabytes", "gigabytes", "kibibytes", "mebibytes", "bits", "percent");
    private static final List<String> PARTS = List.of("_bucket", "_count", "_sum");

    private Lint() {
    }

    static List<String> problems(String page) {
        List<String> found = new ArrayList<>();
        Map<String, String> types = new HashMap<>();
        Map<String, String> helps = new HashMap<>();
        for (String line : page.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# TYPE ")) {
                if (types.put(words[2], words[3]) != null) {
                    found.add(words[2] + ": two types");
                }
            } else if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length > 3 ? words[3] : "");
            }
        }
        types.forEach((name, type) -> check(name, type, helps.getOrDefault(name, ""), found));
        page.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("[{ ]", 2)[0]).distinct().forEach(series -> {
            if (!types.containsKey(series) && PARTS.stream().noneMatch(part -> series.endsWith(part)
                    && types.containsKey(series.substring(0, series.length() - part.length())))) {
                found.add(series + ": no type");
            }
        });
        return found;
    }

    private static void check(String name, String type, String help, List<String> found) {
        boolean counter = type.equals("counter");
        boolean parted = type.equals("histogram") || type.equals("summary");
        if (help.isEmpty()) {
            found.add(name + ": no help text");
        }
        if (counter != name.endsWith("_total")) {
            found.add(name + ": counters, and they alone, end with _total");
        }
        if (!parted && PARTS.stream().anyMatch(name::endsWith)) {
            found.add(name + ": ends like a part of a histogram");
        }
        if (!name.equals(name.toLowerCase(Locale.ROOT)) || name.contains(":")) {
            found.add(name + ": not in snake_case");
        }
        if (name.contains("_" + type) || name.endsWith("_metric")) {
            found.add(name + ": has its type in its name");
        }
        for (String word : name.split("_")) {
            if (SHORT_UNITS.contains(word) || OTHER_UNITS.contains(word)) {
                found.add(name + ": use base units, and do not abbreviate them");
            }
        }
    }
}
