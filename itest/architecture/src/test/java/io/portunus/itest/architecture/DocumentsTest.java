// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents as a whole: everything is found from the index, and no link leads nowhere. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Path DOCS = Checkout.root().resolve("distribution/docs");

    @Test
    void theIndexHasEveryPage() throws IOException {
        assertThat(targets(DOCS.resolve("README.md"))).containsAll(pages().stream().filter(p -> !p.endsWith("README.md")).toList());
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<Path> sources = new ArrayList<>(pages());
        sources.add(Checkout.root().resolve("README.md"));

        for (Path source : sources) {
            assertThat(targets(source)).as(source.toString()).allSatisfy(t -> assertThat(t).exists());
        }
    }

    @Test
    void aDecisionIsOnePage() throws IOException {
        for (Path page : pages()) {
            if (page.startsWith(DOCS.resolve("decisions"))) {
                assertThat(Files.readAllLines(page)).as(page.toString()).hasSizeLessThanOrEqualTo(40)
                    .contains("## Context", "## Decision", "## Rejected", "## Consequences");
            }
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            return files.filter(f -> f.toString().endsWith(".md")).sorted().toList();
        }
    }

    private static List<Path> targets(Path page) throws IOException {
        return LINK.matcher(Files.readString(page)).results().map((MatchResult m) -> page.resolveSibling(m.group(1)).normalize()).toList();
    }
}
