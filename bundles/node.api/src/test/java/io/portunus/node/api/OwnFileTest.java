// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OwnFileTest {
    @TempDir
    private Path folder;

    private Path file(String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r--r--", "rwxr-xr-x", "r--r--r--"})
    void believesWhatOnlyItsOwnerMayWrite(String permissions) throws Exception {
        assertThat(OwnFile.complaint(file(permissions))).isEmpty();
        assertThat(OwnFile.read(file(permissions), 100)).asString(US_ASCII).isEqualTo("content");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw----", "rw----rw-", "rwxrwxrwx", "rw-r--rw-"})
    void refusesWhatOthersMayWrite(String permissions) throws Exception {
        Path file = file(permissions);

        assertThat(OwnFile.complaint(file)).get().asString().contains(file.toString(), "chmod go-w " + file);
        assertThatThrownBy(() -> OwnFile.read(file, 100)).isInstanceOf(IOException.class).hasMessageContaining("chmod go-w");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true", "0, 1000, true", "1000, 1000, true", "1000, 0, false", "1001, 1000, false"})
    void believesWhatBelongsToTheProcessOrToRoot(int owner, int process, boolean believed) {
        assertThat(OwnFile.foreign(Path.of("/x"), owner, OptionalInt.of(process)).isEmpty()).isEqualTo(believed);
        assertThat(OwnFile.foreign(Path.of("/x"), owner, OptionalInt.empty())).isEmpty();
    }

    @Test
    void statesToWhomItBelongsAndWhatToRun() {
        assertThat(OwnFile.foreign(Path.of("/x"), 1001, OptionalInt.of(7))).get().asString()
            .contains("belongs to the user 1001", "chown 7 /x");
    }

    @Test
    void readsTheEffectiveUserFromTheSystemsTable() throws Exception {
        Path made = Files.createFile(folder.resolve("mine"));

        assertThat(ProcessUser.ID).hasValue((Integer) Files.getAttribute(made, "unix:uid"));
        assertThat(ProcessUser.parse(List.of("Name:\tx", "Uid:\t1\t2\t3\t4"))).hasValue(2);
        assertThat(ProcessUser.parse(List.of("Uid:\tx"))).isEmpty();
    }

    @Test
    void followsNoLink() throws Exception {
        Path target = file("rw-------");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);

        assertThat(OwnFile.complaint(link)).get().asString().contains("symbolic link");
        assertThatThrownBy(() -> OwnFile.read(link, 100)).hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> OwnFile.folder(Files.createSymbolicLink(folder.resolve("to"), folder))).hasMessageContaining("symbolic link");
    }

    @Test
    void replacesALinkAndLeavesAloneWhatItLeadsTo() throws Exception {
        Path target = file("rw-------");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        Files.createSymbolicLink(folder.resolve("link.new"), target);

        OwnFile.replace(link, "newer".getBytes(US_ASCII), "rw-r-----");

        assertThat(target).hasContent("content");
        assertThat(link).isRegularFile().hasContent("newer");
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(link))).isEqualTo("rw-r-----");
    }

    @Test
    void readsOnlyRegularFilesOfABoundedSize() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> OwnFile.read(pipe, 100)).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> OwnFile.read(folder, 100)).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> OwnFile.read(file("rw-------"), 6)).hasMessageContaining("more than 6 bytes");
        assertThatThrownBy(() -> OwnFile.read(folder.resolve("none"), 6)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void makesAFolderThatOnlyTheOwnerMayWriteTo() throws Exception {
        Path made = OwnFile.folder(folder.resolve("a/b"));

        assertThat(made).isDirectory();
        assertThat(OwnFile.complaint(made)).isEmpty();
        assertThat(OwnFile.folder(made)).isEqualTo(made);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThatThrownBy(() -> OwnFile.folder(made)).hasMessageContaining("chmod go-w");
        assertThatThrownBy(() -> OwnFile.folder(file("rw-------"))).hasMessageContaining("no folder");
    }
}
