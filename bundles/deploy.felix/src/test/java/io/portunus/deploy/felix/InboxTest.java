// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.Change;
import io.portunus.node.api.DeployCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    void writesWhyItRefusedAJar() throws Exception {
        Files.writeString(folder.resolve("a.jar"), "no jar");

        inbox.look();
        inbox.look();
        inbox.look();

        assertThat(folder.resolve("a.jar")).doesNotExist();
        assertThat(folder.resolve("a.jar.refused")).hasContent("no jar");
        assertThat(folder.resolve("a.jar.refused.txt")).content().startsWith(DeployCode.BUNDLE_UNREADABLE.code() + ": ");
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
    void takesNoJarThatOthersOwnOrMayWriteTo() throws Exception {
        Path writable = SampleJar.of("1.1.0").write(folder.resolve("a.jar"));
        Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path foreign = SampleJar.of("1.1.0").write(folder.resolve("b.jar"));
        giveAway(foreign);

        inbox.look();
        inbox.look();

        assertThat(bench.changes).isEmpty();
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(folder.resolve("a.jar.refused.txt")).content().startsWith(DeployCode.UNTRUSTED.code() + ": ").contains("chmod go-w");
        assertThat(folder.resolve("b.jar.refused.txt")).content().startsWith(DeployCode.UNTRUSTED.code() + ": ");
        assertThat(folder.resolve("b.jar.refused")).exists();
    }

    /** To another user, as root can; others make it everybody's. */
    private static void giveAway(Path file) throws Exception {
        if (Files.getAttribute(file, "unix:uid").equals(0)) {
            Files.setAttribute(file, "unix:uid", 4242);
        } else {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    @Test
    void takesNothingFromAFolderThatOthersOwnOrMayWriteToUntilThatIsMended() throws Exception {
        SampleJar.of("1.1.0").write(folder.resolve("a.jar"));
        giveAway(folder);

        inbox.look();
        inbox.look();

        assertThat(bench.changes).isEmpty();
        assertThat(folder.resolve("a.jar")).exists();
        Files.setAttribute(folder, "unix:uid", Files.getAttribute(directory, "unix:uid"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        inbox.look();
        inbox.look();
        assertThat(bench.changes).extracting(Change::outcome).containsExactly("done");
    }

    @Test
    void followsNoLinkWithTheReasonsOfARefusal() throws Exception {
        Path precious = Files.writeString(directory.resolve("precious"), "content");
        Files.createSymbolicLink(folder.resolve("a.jar.refused.txt"), precious);
        Files.createSymbolicLink(folder.resolve("a.jar.refused.txt.new"), precious);
        Files.createSymbolicLink(folder.resolve("a.jar.refused"), precious);
        Files.writeString(folder.resolve("a.jar"), "no jar");

        inbox.look();
        inbox.look();

        assertThat(precious).hasContent("content");
        assertThat(folder.resolve("a.jar.refused.txt")).content().startsWith(DeployCode.BUNDLE_UNREADABLE.code());
        assertThat(folder.resolve("a.jar.refused")).isRegularFile().hasContent("no jar");
    }

    @Test
    void movesAJarAsideBeforeItIsTriedAndRefusesItIfTheProcessEndedMeanwhile() throws Exception {
        SampleJar.of("1.1.0").write(folder.resolve("a.jar"));
        Files.move(folder.resolve("a.jar"), folder.resolve("a.jar.trying"));

        try (Inbox next = new Inbox(folder, bench.control, () -> true)) {
            next.look();
            next.look();
        }

        assertThat(bench.changes).isEmpty();
        assertThat(folder.resolve("a.jar.trying")).doesNotExist();
        assertThat(folder.resolve("a.jar.refused")).exists();
        assertThat(folder.resolve("a.jar.refused.txt")).content().startsWith(DeployCode.ENDED_PROCESS.code() + ": ");
    }

    @Test
    void jarIsNotUnderItsNameWhileItIsTriedAndComesBackIfItHasToWait() throws Exception {
        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(60), 3);
        SampleJar.of("1.1.0").write(folder.resolve("a.jar"));
        inbox.start();
        Workbench.await(() -> bench.engine.serving().equals(Optional.of("1.1.0")));
        assertThat(folder.resolve("a.jar")).doesNotExist();
        assertThat(folder.resolve("a.jar.trying")).exists();

        bench.control.close();
        inbox.close();

        assertThat(folder.resolve("a.jar")).exists();
        assertThat(folder.resolve("a.jar.trying")).doesNotExist();
    }

    @Test
    void leavesAPipeAlone() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("a.jar").toString()).start().waitFor()).isZero();

        inbox.look();
        inbox.look();

        assertThat(bench.changes).isEmpty();
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
