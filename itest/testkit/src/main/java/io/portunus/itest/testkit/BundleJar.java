// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Other versions of a bundle, and broken ones, made from its jar. */
public final class BundleJar {
    private static final String VERSION = "Bundle-Version";

    private BundleJar() {
    }

    /** The same bundle under another version. */
    public static Path versioned(Path original, String version, Path folder) {
        return changed(original, version, folder, headers -> { });
    }

    /** The same bundle under another version and without one of its classes, as {@code "io/portunus/shell/Detached.class"}. */
    public static Path without(Path original, String version, Path folder, String entry) {
        return made(original, version, folder, headers -> { }, entry);
    }

    /** The same bundle under another version and with other headers. */
    public static Path changed(Path original, String version, Path folder, Consumer<Attributes> headers) {
        return made(original, version, folder, headers, JarFile.MANIFEST_NAME);
    }

    private static Path made(Path original, String version, Path folder, Consumer<Attributes> headers, String without) {
        try (JarFile jar = new JarFile(original.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            manifest.getMainAttributes().putValue(VERSION, version);
            headers.accept(manifest.getMainAttributes());
            Path copy = Files.createDirectories(folder).resolve(version + "-" + original.getFileName());
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry : Collections.list(jar.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !entry.getName().equals(without) && !entry.isDirectory()) {
                        copy(jar, entry, out);
                    }
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(JarFile jar, JarEntry entry, JarOutputStream to) throws IOException {
        to.putNextEntry(new JarEntry(entry.getName()));
        try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(to);
        }
        to.closeEntry();
    }

    /** The first bytes of a bundle. */
    public static Path truncated(Path original, int bytes, Path folder) {
        try {
            Path copy = Files.createDirectories(folder).resolve("truncated-" + original.getFileName());
            try (InputStream in = Files.newInputStream(original)) {
                Files.write(copy, in.readNBytes(bytes));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
