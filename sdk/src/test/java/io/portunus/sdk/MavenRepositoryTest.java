// SPDX-License-Identifier: Apache-2.0
package io.portunus.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenRepositoryTest {
    private static final LocalDateTime WRITTEN = LocalDateTime.of(2026, 1, 1, 0, 0);

    @TempDir
    private Path work = Path.of(".");

    private Path made(String name, String... files) throws IOException {
        Path content = work.resolve(name + "-content");
        for (String file : files) {
            Path each = content.resolve(file);
            Files.createDirectories(each.getParent());
            Files.writeString(each, "text of " + file);
        }
        new MavenRepository(work.resolve(name), "1.2.3", WRITTEN).jar("thing", "-sources", content);
        return work.resolve(name + "/io/portunus/thing/1.2.3/thing-1.2.3-sources.jar");
    }

    @Test
    void theSameFilesMakeTheSameJarInWhateverOrderTheyCame() throws IOException {
        Path one = made("one", "b/B.java", "a/A.java");
        Path other = made("other", "a/A.java", "b/B.java");

        assertThat(Files.mismatch(one, other)).isEqualTo(-1);
    }

    @Test
    void theVersionIsPutIntoEveryText() throws IOException {
        Path from = Files.createDirectories(work.resolve("from/deep"));
        Files.writeString(from.resolve("pom.xml"), "<version>@version@</version> ${version}");

        new Text("1.2.3").copy(work.resolve("from"), work.resolve("to"));

        assertThat(work.resolve("to/deep/pom.xml")).hasContent("<version>1.2.3</version> ${version}");
        try (JarFile jar = new JarFile(made("one", "x").toFile())) {
            assertThat(jar.stream()).hasSize(1).allMatch(e -> e.getTimeLocal().equals(WRITTEN));
        }
    }
}
