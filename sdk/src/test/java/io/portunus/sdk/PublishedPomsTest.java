// SPDX-License-Identifier: Apache-2.0
package io.portunus.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The poms that authors get, which have no parent, against those that the artifacts are built with. */
class PublishedPomsTest {
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency><groupId>([^<]+)</groupId><artifactId>([^<]+)</artifactId>");
    private static final Path ROOT = Path.of("..");

    static List<ApiJar> jars() {
        return ApiJar.ALL;
    }

    private static List<String> dependencies(Path pom) throws IOException {
        return DEPENDENCY.matcher(Files.readString(pom)).results().map(d -> d.group(1) + ":" + d.group(2)).toList();
    }

    private static String published(ApiJar jar) throws IOException {
        return Files.readString(Path.of("src/main/poms", jar.artifact() + ".xml"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jars")
    void hasTheDependenciesOfItsModule(ApiJar jar) throws IOException {
        Path published = Path.of("src/main/poms", jar.artifact() + ".xml");
        assertThat(dependencies(published)).isEqualTo(dependencies(ROOT.resolve(jar.folder()).resolve("pom.xml")));
        assertThat(published(jar)).doesNotContain("<parent>")
            .contains("<artifactId>" + jar.artifact() + "</artifactId>\n  <version>@version@</version>");
    }

    /** With the version of JUnit in its place. */
    private static String resolved(String pom) {
        String begin = "<junit.version>";
        int version = pom.indexOf(begin) + begin.length();
        return pom.replace("${junit.version}", pom.substring(version, pom.indexOf('<', version)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jars")
    void dependsOnWhatIsPublishedOrOnTheVersionThatWeTestWith(ApiJar jar) throws IOException {
        List<String> ours = ApiJar.ALL.stream().map(j -> "io.portunus:" + j.artifact()).toList();
        String root = resolved(Files.readString(ROOT.resolve("pom.xml")));
        for (String line : published(jar).lines().filter(l -> l.contains("<dependency>")).toList()) {
            if (line.contains("<groupId>io.portunus</groupId>")) {
                assertThat(ours).anyMatch(own -> line.contains("<artifactId>" + own.substring(own.indexOf(':') + 1) + "</artifactId>"));
            } else {
                assertThat(root).contains(line.strip());
            }
        }
    }
}
