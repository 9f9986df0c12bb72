// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.architecture.Works.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is shipped of others, class by class, against the list of their licences. */
class ReferenceLicencesTest {
    private static final Pattern VERSIONED = Pattern.compile("^META-INF/versions/\\d+/");
    /** How manifests and poms spell licences. */
    private static final Map<String, Pattern> SPELLINGS = Map.of("Apache-2.0", Pattern.compile("(?i)apache"),
        "BSD-3-Clause", Pattern.compile("(?i)bsd"), "BSD-2-Clause", Pattern.compile("(?i)bsd|cc0"),
        "MIT", Pattern.compile("(?i)mit"), "EPL-2.0", Pattern.compile("(?i)epl-v20|epl-2"));

    private final Works works;

    ReferenceLicencesTest() throws IOException {
        works = Works.read();
    }

    @Test
    void everyClassThatIsShippedIsOursOrHasALicence() throws IOException {
        Set<String> unknown = new TreeSet<>();
        Set<Work> used = new HashSet<>();
        for (Path jar : jars()) {
            for (String name : classes(jar)) {
                works.of(name).ifPresentOrElse(used::add, () -> {
                    if (!name.startsWith("io.portunus.")) {
                        unknown.add(jar.getFileName() + " has " + name.substring(0, name.lastIndexOf('.')));
                    }
                });
            }
        }

        assertThat(unknown).as("add a line to %s/works.txt, and the text of its licence beside it", Works.folder()).isEmpty();
        assertThat(works.all()).as("lines of works that are shipped no longer").allMatch(used::contains);
    }

    @Test
    void everyLicenceHasItsTextAndEveryTextAWork() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(Works.folder())) {
            files.map(f -> f.getFileName().toString()).filter(n -> !n.equals("works.txt")).forEach(texts::add);
        }

        assertThat(new TreeSet<>(texts)).isEqualTo(new TreeSet<>(works.all().stream().map(Work::text).toList()));
        assertThat(texts).allSatisfy(t -> assertThat(Files.size(Works.folder().resolve(t))).isGreaterThan(900));
        assertThat(works.all()).allSatisfy(w -> assertThat(SPELLINGS).containsKey(w.taken()));
    }

    @Test
    void theListStatesWhatTheJarsState() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path jar : jars()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String said = file.getManifest().getMainAttributes().getValue("Bundle-License");
                String name = file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
                if (said == null || String.valueOf(name).startsWith("io.portunus.")) {
                    continue;
                }
                // What is embedded has a line of its own, with another licence.
                boolean agrees = classes(jar).stream().flatMap(c -> works.of(c).stream()).distinct()
                    .anyMatch(w -> Optional.ofNullable(SPELLINGS.get(w.taken())).filter(p -> p.matcher(said).find()).isPresent());
                if (!agrees) {
                    wrong.add(jar.getFileName() + " says: " + said);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void noticeIsWrittenFromTheList() throws IOException {
        Path notice = Checkout.root().resolve("NOTICE");
        if (System.getProperty("portunus.docs", "").equals("write")) {
            Files.writeString(notice, works.notice());
        }

        assertThat(Files.readString(notice)).as("%s; write it with -Dportunus.docs=write, as the pages of the reference", notice)
            .isEqualTo(works.notice());
    }

    /** The bundles of the features, and what the launcher needs. */
    private static List<Path> jars() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path place : List.of(Checkout.bundles(), Checkout.assembled().resolve("lib"))) {
            try (Stream<Path> files = Files.walk(place)) {
                files.filter(f -> f.toString().endsWith(".jar")).forEach(jars::add);
            }
        }
        return jars;
    }

    private static List<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(e -> VERSIONED.matcher(e.getName()).replaceFirst(""))
                .filter(n -> n.endsWith(".class") && n.indexOf('/') > 0 && !n.endsWith("module-info.class"))
                .map(n -> n.substring(0, n.length() - ".class".length()).replace('/', '.')).toList();
        }
    }
}
