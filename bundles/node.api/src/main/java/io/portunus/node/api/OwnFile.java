// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Files that the node believes and runs: those of its state folder. One counts only if it belongs to the user of this process or to root,
 * if nobody else may write to it, and if it is no symbolic link. A group counts as somebody else, as it does for OpenSSH's keys, since the
 * system does not say who is in it. Where files have no owners and rights, none is asked for. Stateless.
 */
public final class OwnFile {
    private static final String VIEW = "unix";
    private static final int ROOT = 0;
    /** Bits of a mode (inode(7)). */
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int RIGHTS = 07777;

    private OwnFile() {
    }

    /**
     * Why a file or folder is not to be believed, as a sentence that states what to run; empty if it may be. Follows no link.
     *
     * @throws IOException if it is not there, or cannot be looked at
     */
    public static Optional<String> complaint(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return Optional.of(path + " is a symbolic link, and none is followed there; put what it leads to in its place.");
        }
        if (!path.getFileSystem().supportedFileAttributeViews().contains(VIEW)) {
            Files.readAttributes(path, "size", LinkOption.NOFOLLOW_LINKS);
            return Optional.empty();
        }
        Optional<String> foreign = foreign(path, attribute(path, "uid"), ProcessUser.ID);
        return foreign.isPresent() ? foreign : writable(path, attribute(path, "mode"));
    }

    /**
     * Why something belongs to somebody else, whoever may write to it, as a sentence that states what to run; empty if it does not. Follows no
     * link.
     *
     * @throws IOException if it is not there, or cannot be looked at
     */
    public static Optional<String> foreign(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains(VIEW) ? foreign(path, attribute(path, "uid"), ProcessUser.ID)
            : Optional.empty();
    }

    static Optional<String> foreign(Path path, int owner, OptionalInt process) {
        if (process.isPresent() && owner != ROOT && owner != process.getAsInt()) {
            return Optional.of(path + " belongs to the user " + owner + ", neither to this process's user " + process.getAsInt()
                + " nor to root; if you trust its content, run 'chown " + process.getAsInt() + " " + path + "'.");
        }
        return Optional.empty();
    }

    private static Optional<String> writable(Path path, int mode) {
        if ((mode & WRITABLE_BY_OTHERS) != 0) {
            return Optional.of(path + " has the mode " + String.format(Locale.ROOT, "%04o", mode & RIGHTS)
                + ", so others than its owner may write to it; if you trust its content, run 'chmod go-w " + path + "'.");
        }
        return Optional.empty();
    }

    private static int attribute(Path path, String name) throws IOException {
        return Files.getAttribute(path, VIEW + ":" + name, LinkOption.NOFOLLOW_LINKS) instanceof Integer value ? value : ROOT;
    }

    /**
     * Refuses what is not to be believed.
     *
     * @throws IOException with the sentence of {@link #complaint(Path)}, or if it is not there
     */
    public static void require(Path path) throws IOException {
        Optional<String> complaint = complaint(path);
        if (complaint.isPresent()) {
            throw new IOException(complaint.get());
        }
    }

    /**
     * Makes a folder that nobody else may write to, unless it is there.
     *
     * @throws IOException with a sentence if it is there, but is no folder or not to be believed
     */
    public static Path folder(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, rights(folder, "rwxr-xr-x"));
        }
        require(folder);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " is no folder; move it away, and it is made.");
        }
        return folder;
    }

    /**
     * Reads a small file. The folder that it is in has to be the node's, too: nobody then changes it between the look and the reading.
     *
     * @param most largest size in bytes
     * @throws IOException with a sentence if it is too large, no regular file, or not to be believed
     */
    public static byte[] read(Path file, int most) throws IOException {
        require(file);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is no regular file.");
        }
        try (InputStream in = Channels.newInputStream(Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException(file + " has more than " + most + " bytes.");
            }
            return bytes;
        }
    }

    /**
     * Writes a file beside its place and moves it there: a reader sees all of it or nothing, and what was there before, a link also, is
     * replaced and not written to. It is on disk when this returns.
     *
     * @param permissions as {@code ls} shows them; they hold from the file's creation on
     */
    public static void replace(Path file, byte[] content, String permissions) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        // One process owns the folder, so what is there is left from a crash.
        Files.deleteIfExists(unfinished);
        try (FileChannel out = FileChannel.open(unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                rights(file, permissions))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] rights(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
            : new FileAttribute<?>[0];
    }
}
