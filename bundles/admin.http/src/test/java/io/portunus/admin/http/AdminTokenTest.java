// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
    @TempDir
    private Path state;
    private Path file;

    @BeforeEach
    void make() {
        assertThat(AdminToken.open(state).problems()).isEmpty();
        file = state.resolve(AdminToken.FILE);
    }

    private void assertRefused(String remedy) {
        assertThat(AdminToken.open(state).problems()).extracting(Problem::text).singleElement().asString().contains(remedy);
    }

    @Test
    void refusesTheTokenOfAFolderThatOthersMayWriteTo() throws Exception {
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertRefused("chmod go-w " + state);
    }

    @Test
    void refusesTheTokenOfAnotherUserOrOneThatOthersMayWriteTo() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw--w----"));
        assertRefused("chmod go-w " + file);

        if (Files.getAttribute(file, "unix:uid").equals(0)) {
            Files.setAttribute(file, "unix:uid", 4242);
            assertRefused("chown 0 " + file);
        }
    }

    @Test
    void followsNoLinkToAToken() throws Exception {
        Path elsewhere = Files.move(file, state.resolve("elsewhere"));
        Files.createSymbolicLink(file, elsewhere);

        assertThat(AdminToken.open(state).problems()).hasSize(1);
    }
}
