// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jars on their way in, as files of the state directory that nobody else may read. There are at most as many at once
 * as the surface takes requests with a body, besides those of changes whose clients have gone. Thread-safe.
 */
final class Incoming {
    /** Name of the folder. */
    static final String FOLDER = "incoming";

    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);
    private static final String PREFIX = "upload-";
    /** A file that is older was left by a process that was killed: none takes longer to come and to be copied. */
    private static final Duration LEFT_BEHIND = Duration.ofHours(1);
    private static final FileAttribute<?> OWN_FOLDER = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWN_FILE = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final Clock clock;

    Incoming(Path state, Clock clock) {
        folder = state.resolve(FOLDER);
        this.clock = clock;
    }

    /**
     * Keeps a body in a new file, which the caller owns.
     *
     * @throws RefusedException if the body does not come whole, or there is no room for it; no file is left then
     */
    Path receive(InputStream body) {
        try {
            if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder, OWN_FOLDER);
            }
            OwnFile.folder(folder);
            sweep();
            Path file = Files.createTempFile(folder, PREFIX, ".jar", OWN_FILE);
            try (OutputStream out = Files.newOutputStream(file)) {
                body.transferTo(out);
            } catch (RefusedException | IOException broken) {
                discard(file);
                throw broken;
            }
            return file;
        } catch (IOException disk) {
            throw new RefusedException(500, ProblemCode.IO_ERROR.code(), "",
                "The jar cannot be kept in the folder '" + FOLDER + "' of the state directory (" + disk + "); see to its room and its rights.");
        }
    }

    /** Deletes a file that was received. One that cannot be deleted goes with the sweep. */
    void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException kept) {
            LOG.atDebug().addKeyValue("file", file).setCause(kept).log("an upload was not deleted");
        }
    }

    private void sweep() throws IOException {
        Instant oldest = clock.instant().minus(LEFT_BEHIND);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                // Another upload may be over meanwhile, so a file may be gone.
                if (file.toFile().lastModified() < oldest.toEpochMilli()) {
                    discard(file);
                }
            }
        }
    }
}
