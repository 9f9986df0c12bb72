// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.architecture.Forbidden.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Compares what the classes of every built bundle, and of the launcher, use with {@code forbidden.txt}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForbiddenApiTest {
    private static final String LAUNCHER = "launcher";
    private static final Pattern SLEEP = Pattern.compile("(?:Thread|SECONDS)\\.sleep\\(");
    /** By bundle. */
    private final Map<String, List<UsedApi>> classes = new TreeMap<>();
    private Forbidden forbidden;

    @BeforeAll
    void read() throws IOException {
        forbidden = Forbidden.parse(Files.readAllLines(Checkout.root().resolve("itest/architecture/forbidden.txt")));
        for (BuiltBundle bundle : BuiltBundle.all()) {
            classes.put(bundle.name(), classes(bundle.jar()));
        }
        classes.put(LAUNCHER, classes(Checkout.assembled().resolve("lib/launcher.jar")));
    }

    private static List<UsedApi> classes(Path file) throws IOException {
        List<UsedApi> all = new ArrayList<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : jar.stream().filter(e -> e.getName().startsWith("io/portunus/") && e.getName().endsWith(".class")).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    all.add(UsedApi.of(in.readAllBytes()));
                }
            }
        }
        return all;
    }

    private Stream<Finding> findings() {
        return classes.entrySet().stream().flatMap(bundle -> forbidden.findings(bundle.getKey(), bundle.getValue()).stream());
    }

    @Test
    void nobodyUsesWhatIsForbiddenButItsOwners() {
        assertThat(findings().filter(finding -> forbidden.owner(finding).isEmpty()))
            .as("use something else, or say in forbidden.txt why this class must").isEmpty();
    }

    @Test
    void everyOwnerUsesWhatItMay() {
        List<Finding> all = findings().toList();

        assertThat(forbidden.owners().stream().filter(owner -> all.stream().noneMatch(owner::may)))
            .as("lines of forbidden.txt that nobody needs").isEmpty();
    }

    @Test
    void everyPlaceIsABundle() {
        assertThat(forbidden.places().values()).allSatisfy(places -> assertThat(classes.keySet()).containsAll(places));
        assertThat(forbidden.groups().keySet()).containsAll(forbidden.places().keySet());
    }

    /** By their sources: some are compiled after this test. */
    @Test
    void noTestSleeps() throws IOException {
        List<Path> sleepers = new ArrayList<>();
        for (String folder : List.of("bundles", "sdk", "distribution", "itest")) {
            try (Stream<Path> files = Files.walk(Checkout.root().resolve(folder))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    if (SLEEP.matcher(Files.readString(file)).find()) {
                        sleepers.add(file);
                    }
                }
            }
        }

        assertThat(sleepers).as("await what is to come, with a deadline").isEmpty();
    }

    /** Else a class that is read wrongly would be found to use nothing. */
    @Test
    void everyBundleUsesSomething() {
        List<String> silent = classes.entrySet().stream().filter(bundle -> !bundle.getKey().startsWith("lib-"))
            .filter(bundle -> bundle.getValue().stream().flatMap(type -> type.uses().stream()).noneMatch(use -> use.startsWith("java.lang.")))
            .map(Map.Entry::getKey).toList();

        assertThat(silent).isEmpty();
    }
}
