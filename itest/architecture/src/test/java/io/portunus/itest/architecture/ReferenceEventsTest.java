// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/events.md} is written by hand; here it is held against the events that the sources name. */
class ReferenceEventsTest {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9_.]+)` \\| ([a-z, ]+) \\| ([^|]+) \\| ([^|]+\\.) \\|");
    /** Events that the log itself makes, without an slf4j call. */
    private static final Set<String> OF_THE_LOG = Set.of("log.message", "log.dropped");

    private final LoggedEvents logged = LoggedEvents.scan();

    /**
     * A row of the page.
     *
     * @param levels its levels
     * @param bundles who logs it
     */
    private record Row(Set<String> levels, Set<String> bundles) {
    }

    @Test
    void everyEventHasARowAndEveryRowAnEvent() throws IOException {
        Map<String, Row> rows = rows();
        List<String> wrong = new ArrayList<>();

        logged.bundles().forEach((event, bundles) -> {
            Row row = rows.get(event);
            if (row == null) {
                String level = String.join(", ", logged.levels().getOrDefault(event, new TreeSet<>(Set.of("LEVEL"))));
                wrong.add("add the row: | `" + event + "` | " + level + " | " + names(bundles) + " | ONE SENTENCE. |");
            } else if (!row.bundles().equals(bundles)) {
                wrong.add("in the row of `" + event + "` write the bundles: " + names(bundles));
            } else if (!row.levels().containsAll(logged.levels().getOrDefault(event, new TreeSet<>()))) {
                wrong.add("in the row of `" + event + "` write the level: " + String.join(", ", logged.levels().get(event)));
            }
        });
        rows.keySet().stream().filter(e -> !logged.bundles().containsKey(e) && !OF_THE_LOG.contains(e))
            .forEach(e -> wrong.add("remove the row of `" + e + "`: nothing logs it"));

        assertThat(wrong).as("what must be changed by hand in distribution/docs/reference/events.md").isEmpty();
    }

    @Test
    void rowsAreSorted() throws IOException {
        assertThat(List.copyOf(events())).isSorted().doesNotHaveDuplicates();
    }

    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        for (String line : lines()) {
            Matcher row = ROW.matcher(line);
            assertThat(row.matches()).as("a row is: | `event` | level | `bundle` | One sentence. |   but found: %s", line).isTrue();
            rows.put(row.group(1), new Row(cells(row.group(2)), cells(row.group(3).replace("`", ""))));
        }
        return rows;
    }

    private static List<String> events() throws IOException {
        return lines().stream().map(l -> l.split("`", 3)[1]).toList();
    }

    private static List<String> lines() throws IOException {
        return Files.readAllLines(ReferencePage.folder().resolve("events.md")).stream().filter(l -> l.startsWith("| `")).toList();
    }

    private static Set<String> cells(String text) {
        return new TreeSet<>(List.of(text.strip().split(", ", -1)));
    }

    private static String names(Set<String> bundles) {
        return String.join(", ", bundles.stream().map(ReferencePage::code).toList());
    }
}
