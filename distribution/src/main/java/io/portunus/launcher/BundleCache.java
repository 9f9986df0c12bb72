// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The framework's storage, kept from start to start as long as the same bundles lie in the same place. It is trusted only after a start
 * that succeeded, and if nobody else may write to it; whatever spoils it is gone at the second start. Confined to the main thread.
 */
final class BundleCache {
    /** Longest fingerprint: a line for each bundle. */
    private static final int MAX_MARK = 1 << 20;
    private final Path directory;
    private final String fingerprint;

    /**
     * Names a cache.
     *
     * @param directory its directory; nobody else may write there
     * @param fingerprint of the bundles it is to hold
     */
    BundleCache(Path directory, String fingerprint) {
        this.directory = directory;
        this.fingerprint = fingerprint;
    }

    /** One line for each jar: path, size and time of change. Content is not read, that would cost more than the cache saves. */
    static String fingerprint(String feature, Collection<Path> jars) {
        StringBuilder lines = new StringBuilder(feature).append('\n');
        for (Path jar : jars) {
            try {
                lines.append(jar).append(' ').append(Files.size(jar)).append(' ').append(Files.getLastModifiedTime(jar).toMillis()).append('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lines.toString();
    }

    /** Wipes the cache unless it holds these bundles; from here on it is not trusted until {@link #confirm}. */
    Path open() throws IOException {
        if (!confirmed()) {
            wipe();
        }
        Files.deleteIfExists(mark());
        OwnFile.folder(directory);
        return OwnFile.folder(directory.resolve("framework"));
    }

    /** The start succeeded: the next one may use the cache. */
    void confirm() throws IOException {
        OwnFile.replace(mark(), fingerprint.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    }

    private boolean confirmed() {
        try {
            OwnFile.require(directory);
            OwnFile.require(directory.resolve("framework"));
            return new String(OwnFile.read(mark(), MAX_MARK), StandardCharsets.UTF_8).equals(fingerprint);
        } catch (IOException e) {
            return false;
        }
    }

    private void wipe() throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> deepestFirst;
        try (var tree = Files.walk(directory)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    private Path mark() {
        return directory.resolve("fingerprint");
    }
}
