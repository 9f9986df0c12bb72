// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.ProblemCode;
import io.portunus.node.api.Change;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InboxTest {
    @TempDir
    private Path directory;
    private Workbench bench;
    private Path folder;
    private Inbox inbox;

    @BeforeEach
    void open() throws Exception {
        bench = new Workbench(directory);
        folder = directory.resolve("deploy");
        inbox = new Inbox(folder, bench.control, () -> true);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void takesAJarOnceItStaysAsItIs() throws Exception {
        Path jar = SampleJar.of("1.1.0").write(folder.resolve("a.jar"));
        inbox.look();
        Files.write(jar, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
        inbox.look();
        assertThat(bench.changes).isEmpty();
        SampleJar.of("1.1.0").write(jar);
        inbox.look();

        inbox.look();

        assertThat(bench.changes).extracting(Change::outcome).containsExactly("done");
        assertThat(bench.changes.getFirst().by()).hasToString("folder:a.jar");
        assertThat(folder).isEmptyDirectory();
        assertThat(bench.engine.serving()).contains("1.1.0");
    }

    @Test
    void saysWhyItRefusedAJar() throws Exception {
        Files.writeString(folder.resolve("a.jar"), "no jar");

        inbox.look();
        inbox.look();
        inbox.look();

        assertThat(folder.resolve("a.jar")).doesNotExist();
        assertThat(folder.resolve("a.jar.refused")).hasContent("no jar");
        assertThat(folder.resolve("a.jar.refused.txt")).content().startsWith(ProblemCode.BUNDLE_UNREADABLE.code() + ": ");
        assertThat(bench.changes).hasSize(1);
    }

    @Test
    void leavesEverythingElseAlone() throws Exception {
        for (String name : new String[] {".half.jar", "notes.txt", "a.jar.part"}) {
            Files.writeString(folder.resolve(name), "x");
        }
        Files.createSymbolicLink(folder.resolve("link.jar"), folder.resolve("notes.txt"));

        inbox.look();
        inbox.look();

        assertThat(bench.changes).isEmpty();
        assertThat(folder.toFile().list()).hasSize(4);
    }

    @Test
    void watchesUntilItIsClosed() throws Exception {
        inbox.start();
        SampleJar.of("1.1.0").write(folder.resolve("a.jar"));

        Workbench.await(() -> bench.changes.size() == 1);
        inbox.close();

        assertThat(Files.exists(folder.resolve("a.jar"))).isFalse();
    }
}
