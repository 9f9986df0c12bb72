// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.ProblemCode;
import io.portunus.node.api.NamedFile;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** The jars that were deployed, each as {@code NAME-VERSION.jar}. Thread-safe: callers that change the same name take turns. */
final class JarStore {
    /** Largest jar that is taken. */
    static final long MAX_JAR = 64L << 20;
    /** Longest that the copy of a jar takes; the turn to make changes is held meanwhile. */
    private static final Duration COPY = Duration.ofSeconds(30);
    private static final FileAttribute<?> OWN_FILE = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String REFERENCE = "reference:";
    private static final String INCOMING = ".incoming-";
    private final Path directory;

    JarStore(Path directory) throws IOException {
        this.directory = OwnFile.folder(directory.toAbsolutePath()).normalize();
        // What a kill left.
        try (var strays = Files.newDirectoryStream(this.directory, INCOMING + "*")) {
            for (Path stray : strays) {
                Files.delete(stray);
            }
        }
    }

    /**
     * Copies a jar in under a name of its own, so that nobody changes it once it was looked at.
     *
     * @throws DeployException if it cannot be read, or is too large
     */
    Path receive(Path jar) {
        try {
            Path copy = Files.createTempFile(directory, INCOMING, "", OWN_FILE);
            try (OutputStream out = Files.newOutputStream(copy)) {
                NamedFile.copy(jar, out, MAX_JAR, COPY);
                return copy;
            } catch (IOException e) {
                discard(copy);
                throw e;
            }
        } catch (IOException e) {
            throw new DeployException(ProblemCode.IO_ERROR, "The jar " + jar + " cannot be copied: " + reason(e) + ".");
        }
    }

    /** The exceptions of the file system have a message of nothing but the path. */
    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException gone -> "there is no such file (" + gone + ")";
            case FileSystemException other -> other.toString();
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Gives a copy its final name; it survives a loss of power from here on. */
    Path keep(Path copy, String name, String version) {
        Path jar = path(name, version);
        try {
            sync(copy);
            Files.move(copy, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(directory);
            return jar;
        } catch (IOException e) {
            throw new DeployException(ProblemCode.IO_ERROR, "The jar cannot be kept as " + jar + " (" + e + ").");
        }
    }

    Path path(String name, String version) {
        return directory.resolve(name + "-" + version + ".jar");
    }

    /** Whether a bundle was installed from here. */
    boolean holds(Bundle bundle) {
        String location = bundle.getLocation();
        if (!location.startsWith(REFERENCE + "file:")) {
            return false;
        }
        try {
            return Path.of(URI.create(location.substring(REFERENCE.length()))).startsWith(directory);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The form that the framework takes a jar in without copying it. */
    static String location(Path jar) {
        return REFERENCE + jar.toUri();
    }

    /** Versions of a bundle whose jars are here, in ascending order. */
    List<Version> versions(String name) {
        List<Version> versions = new ArrayList<>();
        String prefix = name + "-";
        try (var jars = Files.newDirectoryStream(directory, "*.jar")) {
            for (Path jar : jars) {
                String file = jar.getFileName().toString();
                if (file.startsWith(prefix)) {
                    parse(file.substring(prefix.length(), file.length() - ".jar".length()), versions);
                }
            }
        } catch (IOException e) {
            throw new DeployException(ProblemCode.IO_ERROR, "The folder " + directory + " cannot be read (" + e + ").");
        }
        versions.sort(null);
        return versions;
    }

    private static void parse(String version, List<Version> into) {
        try {
            into.add(Version.parseVersion(version));
        } catch (IllegalArgumentException e) {
            // The jar of another bundle, whose name begins like this one's.
            return;
        }
    }

    /** Deletes a jar; one that is not there, or cannot be deleted, does no harm. */
    void discard(Path jar) {
        try {
            Files.deleteIfExists(jar);
        } catch (IOException e) {
            return;
        }
    }

    static String sha256(Path jar) {
        try (InputStream in = Files.newInputStream(jar)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new DeployException(ProblemCode.IO_ERROR, "The jar " + jar + " cannot be read (" + e + ").");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** A name is on disk only when its directory is, too. */
    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
