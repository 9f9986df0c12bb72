// SPDX-License-Identifier: Apache-2.0
package io.portunus.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of text in which {@code @version@} stands for the version of the project. Immutable.
 *
 * @param version that version
 */
record Text(String version) {
    String of(Path file) throws IOException {
        return Files.readString(file).replace("@version@", version);
    }

    /** Copies a folder with all that is in it, with the version in its place. */
    void copy(Path from, Path to) throws IOException {
        for (Path file : Folders.files(from)) {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, of(file));
        }
    }
}
