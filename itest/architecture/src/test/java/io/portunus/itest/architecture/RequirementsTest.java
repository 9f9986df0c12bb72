// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/requirements.md} and {@code field-cases.md} are written by hand; here they are held against the tests. */
class RequirementsTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z][0-9]+) \\| ([^|]+\\.) \\| ([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final String REMEDY = "distribution/docs/reference/requirements.md names tests that do not have the id in a comment /** ID. */";

    private final Map<String, String> tests = tests();

    private static Map<String, String> tests() {
        try (Stream<Path> files = Files.walk(Checkout.root())) {
            Map<String, String> tests = new TreeMap<>();
            files.filter(f -> f.toString().contains("/src/") && f.toString().matches(".*(Test|Contract)\\.java"))
                .forEach(f -> tests.merge(f.getFileName().toString(), read(f), String::concat));
            return tests;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachRowNamesTestsThatHaveItsId() throws IOException {
        List<String> wrong = new ArrayList<>();

        for (MatchResult row : rows()) {
            List<MatchResult> named = NAME.matcher(row.group(3)).results().toList();
            if (named.isEmpty() && !row.group(2).startsWith("Does not apply yet: ")) {
                wrong.add(row.group(1) + " names no test and does not say why");
            }
            named.stream().filter(name -> !shows(name, row.group(1))).forEach(name -> wrong.add(row.group(1) + " names " + name.group()));
        }

        assertThat(wrong).as(REMEDY).isEmpty();
    }

    @Test
    void everyRowHasItsForm() throws IOException {
        assertThat(rows()).hasSameSizeAs(lines());
        assertThat(rows().stream().map(row -> row.group(1))).doesNotHaveDuplicates();
    }

    @Test
    void fieldCasesNameTestsThatAreThere() throws IOException {
        List<String> wrong = new ArrayList<>();

        for (MatchResult row : ROW.matcher(String.join("\n", lines("field-cases.md"))).results().toList()) {
            List<MatchResult> named = NAME.matcher(row.group(3)).results().toList();
            if (named.isEmpty()) {
                wrong.add(row.group(1) + " names no test");
            }
            named.stream().filter(name -> !tests.getOrDefault(name.group(1) + ".java", "").contains(" void " + name.group(2) + "("))
                .forEach(name -> wrong.add(row.group(1) + " names " + name.group()));
        }

        assertThat(wrong).as("distribution/docs/reference/field-cases.md names tests that are not there").isEmpty();
    }

    /** Whether the method is there, and the id in the comment in front of it. */
    private boolean shows(MatchResult name, String id) {
        String source = tests.getOrDefault(name.group(1) + ".java", "");
        int at = source.indexOf(" void " + name.group(2) + "(");
        if (at < 0) {
            return false;
        }
        String before = source.substring(source.lastIndexOf("/**", at), at);
        return Pattern.compile("/\\*\\* ([A-Z][0-9]+, )*" + id + "[,.:]").matcher(before).lookingAt();
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(String.join("\n", lines())).results().toList();
    }

    private static List<String> lines() throws IOException {
        return lines("requirements.md");
    }

    private static List<String> lines(String page) throws IOException {
        return Files.readAllLines(ReferencePage.folder().resolve(page)).stream().filter(l -> l.matches("\\| [A-Z][0-9]+ .*")).toList();
    }
}
