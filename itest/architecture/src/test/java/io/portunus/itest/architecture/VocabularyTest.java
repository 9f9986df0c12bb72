// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds every source file against the words that {@code vocabulary.md} retires. */
class VocabularyTest {
    private static final String PAGE = "distribution/docs/architecture/vocabulary.md";
    /** Text blocks, strings and characters, which are for users; comments come between so that a quote in one opens nothing. */
    private static final Pattern TOKEN = Pattern.compile(
        "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])++'|//[^\n]*|/\\*[\\s\\S]*?\\*/");
    /** What Javadoc quotes. */
    private static final Pattern QUOTED = Pattern.compile("\\{@code [^}]*\\}|\"[^\"\n]*\"");
    private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|_");

    private static List<String> retired() throws IOException {
        List<String> lines = Files.readAllLines(Checkout.root().resolve(PAGE));
        return lines.subList(lines.indexOf("## Retired"), lines.size()).stream().filter(line -> line.startsWith("| ")).skip(1)
            .flatMap(line -> Arrays.stream(line.substring(2).split(" \\| ", 2)[0].split(", "))).toList();
    }

    private static String prose(String source) {
        Matcher token = TOKEN.matcher(source);
        String kept = token.replaceAll(found -> {
            String text = found.group();
            return Matcher.quoteReplacement(text.startsWith("/") ? QUOTED.matcher(text).replaceAll("") : "\n".repeat((int) text.lines().count() - 1));
        });
        return CAMEL.matcher(kept).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    private static List<String> findings(Path file, Pattern words) throws IOException {
        List<String> found = new ArrayList<>();
        List<String> lines = prose(Files.readString(file)).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher word = words.matcher(lines.get(i));
            while (word.find()) {
                found.add(Checkout.root().relativize(file) + ":" + (i + 1) + ": " + word.group());
            }
        }
        return found;
    }

    @Test
    void noSourceHasARetiredWord() throws IOException {
        Pattern words = Pattern.compile("\\b(?:" + String.join("|", retired()) + ")\\b");
        List<String> found = new ArrayList<>();
        for (String folder : List.of("bundles", "sdk", "distribution", "itest")) {
            try (Stream<Path> files = Files.walk(Checkout.root().resolve(folder))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java") && !f.toString().contains("/target/")).toList()) {
                    found.addAll(findings(file, words));
                }
            }
        }

        assertThat(found).as("use the words of " + PAGE).isEmpty();
    }

    /** Else the test above would find nothing whatever stood there. */
    @Test
    void wordsAreFoundInIdentifiersAndCommentsAndNotInMessages() throws IOException {
        assertThat(retired()).contains("told", "untold", "spokesman");
        assertThat(prose("/* It \"told\" them. */ String x = \"told\"; // wants\nint wasTold; char c = '\"'; // {@code told}\n"))
            .containsPattern("\\bwants\\b").contains("was told").containsOnlyOnce("told");
    }
}
