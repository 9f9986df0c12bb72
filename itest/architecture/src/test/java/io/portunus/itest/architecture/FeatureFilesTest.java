// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The committed lists against what Maven resolves for {@code features/pom.xml}. */
class FeatureFilesTest {
    private static final List<String> FEATURES = List.of("standalone", "check", "stats");

    @Test
    void theyNameExactlyTheJarsOfTheFeaturesPom() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String feature : FEATURES) {
            assertThat(bundles(feature)).doesNotHaveDuplicates();
            named.addAll(bundles(feature));
        }

        assertThat(named).containsExactlyInAnyOrderElementsOf(jars());
    }

    /** The view of the statistics alone is of no use to the node. */
    @Test
    void standaloneNamesAllButWhatRunsBesideIt() throws IOException {
        List<String> beside = new ArrayList<>(jars());
        beside.removeAll(bundles("standalone"));

        assertThat(beside).containsExactly("io.portunus:stats.view:" + Checkout.property("portunus.version"));
    }

    @Test
    void checkNamesSomeOfThem() throws IOException {
        assertThat(bundles("standalone")).containsAll(bundles("check"));
    }

    @Test
    void eachFileIsNamedAsItsId() throws IOException {
        for (String role : FEATURES) {
            assertThat(feature(role).get("id").asString()).isEqualTo("io.portunus:" + role + ":" + Checkout.property("portunus.version"));
        }
    }

    @Test
    void everyBundleOfStandaloneHasAStartLevel() throws IOException {
        assertThat(feature("standalone").get("bundles"))
            .allSatisfy(b -> assertThat(b.path("start-level").asInt(0)).as(b.get("id").asString()).isPositive());
    }

    private static JsonNode feature(String role) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(Checkout.root().resolve("features/" + role + ".json")));
    }

    private static List<String> bundles(String role) throws IOException {
        return feature(role).get("bundles").valueStream().map(b -> b.get("id").asString()).toList();
    }

    /** A jar's place in a Maven repository is its id: {@code group/.../artifact/version/artifact-version.jar}. */
    private static List<String> jars() throws IOException {
        Path repository = Checkout.bundles();
        try (Stream<Path> files = Files.walk(repository)) {
            return files.filter(f -> f.toString().endsWith(".jar")).map(repository::relativize).map(FeatureFilesTest::id).toList();
        }
    }

    private static String id(Path jar) {
        int names = jar.getNameCount();
        String group = jar.subpath(0, names - 3).toString().replace(jar.getFileSystem().getSeparator(), ".");
        return group + ":" + jar.getName(names - 3) + ":" + jar.getName(names - 2);
    }
}
