// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound Unix socket with its file. A file that a dead process left is replaced; one that somebody listens on, or that is no socket, is not.
 * Confined to one thread.
 */
final class SocketFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
    private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> SOCKET_MODE = PosixFilePermissions.fromString("rw-rw----");
    /** The part of a mode that states what a file is, and what it is for a socket (inode(7)). */
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    /** Connections that the system keeps until they are accepted. */
    private static final int BACKLOG = 16;

    private final Path path;
    private final ServerSocketChannel channel;
    private final Object identity;

    private SocketFile(Path path, ServerSocketChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.identity = identity(path);
    }

    /**
     * Binds.
     *
     * @throws IOException with a sentence that states what to do
     */
    static SocketFile bind(String text) throws IOException {
        Path path = parse(text);
        makeDirectory(path);
        removeStale(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, SOCKET_MODE);
            return new SocketFile(path, channel);
        } catch (IOException e) {
            channel.close();
            throw new IOException("no socket can be made at " + path + " (" + reason(e) + "); choose another path with stats.socket_path", e);
        }
    }

    /** Somebody listens there. */
    static final class TakenException extends IOException {
        private static final long serialVersionUID = 1L;

        TakenException(String sentence) {
            super(sentence);
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    private static Path parse(String text) throws IOException {
        try {
            Path path = Path.of(text).toAbsolutePath();
            if (path.getFileName() == null) {
                throw new IOException(path + " is a directory; name a file with stats.socket_path");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IOException("stats.socket_path is no path (" + e.getReason() + "); choose another", e);
        }
    }

    /** A directory that was there is left as it is: others may need it. */
    private static void makeDirectory(Path path) throws IOException {
        Path directory = Objects.requireNonNull(path.getParent());
        if (Files.isDirectory(directory)) {
            LOG.atDebug().addKeyValue("event", "standalone.stats_dir_chmod_skipped").addKeyValue("directory", directory)
                .log("the directory was there before, and its mode is left as it is");
            return;
        }
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
            // What is created has the mode less the process's mask.
            Files.setPosixFilePermissions(directory, DIRECTORY_MODE);
        } catch (IOException e) {
            throw new IOException("the directory " + directory + " cannot be made (" + reason(e) + "); make it for the user of this process,"
                + " as RuntimeDirectory=portunus of systemd does, choose another path with stats.socket_path, or start with --no-stats", e);
        }
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer bits ? bits : 0;
        // A pipe or a device refuses a connection just as a socket on which nobody listens does.
        if ((mode & TYPE) != SOCKET) {
            throw new IOException(path + " is not a socket; remove it, or choose another path with stats.socket_path");
        }
        if (answers(path)) {
            throw new TakenException("another process listens on " + path + "; stop it, or choose another path with stats.socket_path");
        }
        Optional<String> foreign = OwnFile.foreign(path);
        if (foreign.isPresent()) {
            throw new IOException(foreign.get() + " Or remove it, or choose another path with stats.socket_path");
        }
        Files.delete(path);
    }

    /** Only a refusal means that nobody listens: who is merely overloaded, or belongs to somebody else, keeps its file. */
    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A full backlog would make a blocking connect wait.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException other) {
            return true;
        }
    }

    /** The number of the file, so that nobody else's is removed later. */
    private static Object identity(Path path) throws IOException {
        return Objects.requireNonNullElse(Files.readAttributes(path, "fileKey", LinkOption.NOFOLLOW_LINKS).get("fileKey"), path);
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /** Stops to listen and removes the file. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity(path).equals(identity)) {
            Files.delete(path);
        }
    }
}
