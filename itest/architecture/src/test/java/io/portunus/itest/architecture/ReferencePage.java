// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A page of the reference that the code writes: compared with the committed file, or put in its place when the build has the property
 * {@code portunus.docs=write}. Confined to one test.
 */
final class ReferencePage {
    private static final String REMEDY = "run: mvn verify -pl itest/architecture -am -Dtest='Reference*' "
        + "-Dsurefire.failIfNoSpecifiedTests=false -Dportunus.docs=write   and commit the page";

    private final String file;
    private final StringBuilder text = new StringBuilder(4096);

    ReferencePage(String file, String title) {
        this.file = file;
        text.append("<!-- Written by the build from the code; see ReferenceDocsTest. Change the code, not this file. -->\n# ").append(title)
            .append('\n');
    }

    static Path folder() {
        return Checkout.root().resolve("distribution/docs/reference");
    }

    /** Adds a paragraph, after an empty line. */
    ReferencePage paragraph(String paragraph) {
        text.append('\n').append(paragraph).append('\n');
        return this;
    }

    /** Adds a table; nothing if it has no row. */
    ReferencePage table(List<String> head, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            List<List<String>> lines = new ArrayList<>(List.of(head, Collections.nCopies(head.size(), "---")));
            lines.addAll(rows);
            text.append('\n');
            lines.forEach(cells -> text.append("| ").append(String.join(" | ", cells.stream().map(ReferencePage::cell).toList()))
                .append(" |\n"));
        }
        return this;
    }

    /** A bar would end the cell; a sentence with {@code <state>} would be taken for HTML. */
    private static String cell(String text) {
        String safe = text.replace("|", "\\|");
        return text.contains("`") ? safe : safe.replace("<", "&lt;");
    }

    /** A cell with code, empty for none. */
    static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    void compare() throws IOException {
        Path page = folder().resolve(file);
        if (System.getProperty("portunus.docs", "").equals("write")) {
            Files.createDirectories(folder());
            Files.writeString(page, text);
        }
        assertThat(Files.exists(page) ? Files.readString(page) : "").as("%s is not what the code says; %s", page, REMEDY)
            .isEqualTo(text.toString());
    }
}
