// SPDX-License-Identifier: Apache-2.0
package io.portunus.sdk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * A folder in the layout of a repository of Maven, for artifacts of ours. Immutable.
 *
 * @param root the folder
 * @param version the version of every artifact
 * @param written what every entry of a jar has as its date and time
 */
record MavenRepository(Path root, String version, LocalDateTime written) {
    /** Where a file of an artifact belongs; its folder is there afterwards. */
    private Path place(String artifact, String ending) throws IOException {
        Path folder = Files.createDirectories(root.resolve("io/portunus").resolve(artifact).resolve(version));
        return folder.resolve(artifact + "-" + version + ending);
    }

    void pom(String artifact, String text) throws IOException {
        Files.writeString(place(artifact, ".pom"), text);
    }

    void copy(String artifact, Path jar) throws IOException {
        Files.copy(jar, place(artifact, ".jar"));
    }

    /** Makes a jar of a folder. The classifier is {@code ""} or begins with a hyphen. */
    void jar(String artifact, String classifier, Path content) throws IOException {
        try (OutputStream file = Files.newOutputStream(place(artifact, classifier + ".jar")); JarOutputStream jar = new JarOutputStream(file)) {
            for (Path each : Folders.files(content)) {
                ZipEntry entry = new ZipEntry(content.relativize(each).toString());
                entry.setTimeLocal(written);
                jar.putNextEntry(entry);
                Files.copy(each, jar);
                jar.closeEntry();
            }
        }
    }
}
