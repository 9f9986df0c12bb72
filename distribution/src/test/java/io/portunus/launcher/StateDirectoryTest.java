// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @Test
    void optionComesFirst() {
        assertThat(StateDirectory.choose(Optional.of(Path.of("/o")), Map.of("STATE_DIRECTORY", "/s"))).isEqualTo(Path.of("/o"));
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
        try (StateDirectory state = StateDirectory.open(directory.resolve("a/b"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.path()))).isEqualTo("rwx------");
        }
    }

    @Test
    void secondInstanceIsRefusedUntilTheFirstHasEnded(@TempDir Path directory) throws Exception {
        try (StateDirectory state = StateDirectory.open(directory)) {
            assertThatThrownBy(() -> StateDirectory.open(state.path())).isInstanceOf(LaunchException.class).hasMessageContaining("Another instance");
        }

        StateDirectory.open(directory).close();
    }

    @Test
    void readsFirstLineOfAFileThatMayBeAbsent(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("admin.address"), "127.0.0.1:7080\n");

        try (StateDirectory state = StateDirectory.open(directory)) {
            assertThat(state.line("admin.address")).contains("127.0.0.1:7080");
            assertThat(state.line("absent")).isEmpty();
        }
    }

    private static Path choose(Map<String, String> environment) {
        return StateDirectory.choose(Optional.empty(), environment);
    }
}
