// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.launcher.role.StandaloneRole;
import io.portunus.launcher.role.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
    private static final StateFolder HOLDS = new StandaloneRole().get().state();

    @Test
    void optionComesFirst() {
        assertThat(StateDirectory.choose(Optional.of(Path.of("/o")), Map.of("STATE_DIRECTORY", "/s"), HOLDS.name())).isEqualTo(Path.of("/o"));
    }

    @Test
    void systemdsDirectoryComesBeforeTheUsers() {
        assertThat(choose(Map.of("STATE_DIRECTORY", "/s:/t", "XDG_STATE_HOME", "/x", "HOME", "/h"))).isEqualTo(Path.of("/s"));
        assertThat(choose(Map.of("XDG_STATE_HOME", "/x", "HOME", "/h"))).isEqualTo(Path.of("/x/portunus"));
        assertThat(choose(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.local/state/portunus"));
    }

    @Test
    void emptyAndRelativeVariablesAreIgnored() {
        assertThat(choose(Map.of("STATE_DIRECTORY", "", "XDG_STATE_HOME", "x", "HOME", " "))).isEqualTo(Path.of("portunus.state").toAbsolutePath());
    }

    @Test
    void isMadeForItsOwnerAlone(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory.resolve("a/b"), HOLDS)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.path()))).isEqualTo("rwx------");
        }
    }

    @Test
    void secondInstanceIsRefusedUntilTheFirstHasEnded(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory, HOLDS)) {
            assertThatThrownBy(() -> StateDirectory.open(state.path(), HOLDS)).isInstanceOf(LaunchException.class)
                .hasMessageContaining("Another instance");
        }

        StateDirectory.open(directory, HOLDS).close();
    }

    @Test
    void readsFirstLineOfAFileThatMayBeAbsent(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("admin.address"), "127.0.0.1:7080\n");

        try (StateDirectory state = StateDirectory.open(directory, HOLDS)) {
            assertThat(state.line("admin.address")).contains("127.0.0.1:7080");
            assertThat(state.line("absent")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lock", "generation.json", "admin.token", "jars", "deploy", "incoming"})
    void refusesWhatOthersOwnOrMayWriteTo(String name, @TempDir Path directory) throws Exception {
        for (String folder : List.of("jars", "deploy", "incoming")) {
            Files.createDirectory(directory.resolve(folder));
        }
        for (String file : List.of("lock", "generation.json", "admin.token")) {
            Files.createFile(directory.resolve(file));
        }
        StateDirectory.open(directory, HOLDS).close();
        Path place = directory.resolve(name);

        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused(directory, "chmod go-w " + (name.isEmpty() ? directory : place));

        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx------"));
        StateDirectory.open(directory, HOLDS).close();
        if (Files.getAttribute(place, "unix:uid").equals(0)) {
            Files.setAttribute(place, "unix:uid", 4242);
            assertRefused(directory, "chown 0 " + (name.isEmpty() ? directory : place));
        }
    }

    @Test
    void reportsAllThatIsWrongAtOnce(@TempDir Path directory) throws Exception {
        Files.createSymbolicLink(directory.resolve("deploy"), directory);
        Files.createFile(directory.resolve("jars"));
        Files.createDirectory(directory.resolve("generation.json"));

        assertThatThrownBy(() -> StateDirectory.open(directory, HOLDS)).isInstanceOf(LaunchException.class)
            .hasMessageContainingAll("deploy is a symbolic link", "jars is no folder", "generation.json is no regular file");
    }

    @Test
    void opensNoPipeAndFollowsNoLinkToLock(@TempDir Path directory) throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        Files.createSymbolicLink(directory.resolve("lock"), elsewhere);
        assertRefused(directory, "lock is a symbolic link");
        assertThat(elsewhere).doesNotExist();

        Files.delete(directory.resolve("lock"));
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", directory.resolve("lock").toString()).start().waitFor()).isZero();
        assertRefused(directory, "lock is no regular file");
    }

    @Test
    void takesALinkToTheDirectoryItself(@TempDir Path directory) throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);

        try (StateDirectory state = StateDirectory.open(link, HOLDS)) {
            assertThat(state.path()).isEqualTo(real.toRealPath());
        }
    }

    private static void assertRefused(Path directory, String sentence) {
        assertThatThrownBy(() -> StateDirectory.open(directory, HOLDS)).isInstanceOfSatisfying(LaunchException.class, refused -> {
            assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(refused).hasMessageContaining(sentence);
        });
    }

    private static Path choose(Map<String, String> environment) {
        return StateDirectory.choose(Optional.empty(), environment, HOLDS.name());
    }
}
