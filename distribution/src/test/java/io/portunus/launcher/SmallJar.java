// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Jars for tests: bundles of a manifest and nothing else, and such with classes. */
public final class SmallJar {
    private SmallJar() {
    }

    static Path write(Path file, String name, String version, Map<String, String> headers) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", name, "Bundle-Version", version));
        all.putAll(headers);
        return write(file, all, Path.of(""), List.of());
    }

    /** A jar with these headers and files, whose names are those below a folder. */
    public static Path write(Path file, Map<String, String> headers, Path root, List<Path> files) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(main::putValue);
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Path each : files) {
                jar.putNextEntry(new JarEntry(root.relativize(each).toString()));
                Files.copy(each, jar);
                jar.closeEntry();
            }
            jar.finish();
        }
        return file;
    }

    static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
