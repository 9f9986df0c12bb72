// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The file of access records and its rotation. Whoever rotates it himself, by renaming, by copying and truncating or by deleting it, is
 * followed at the next lines: they go to the file that has the name. Confined to the writer's thread.
 */
final class AccessFile implements AccessOutput {
    private final Place place;
    private final Path path;
    private final LinkOption[] links;
    private Optional<FileChannel> open = Optional.empty();
    /** Which file is open, by device and inode. */
    private Optional<Object> opened = Optional.empty();

    /**
     * Which file, and when it is put aside.
     *
     * @param path the file; the folder is made if it is not there
     * @param followed whether the name may be a symbolic link; not in a folder that others might write to
     * @param maxBytes size beyond which it is put aside; 0 for never
     * @param kept files put aside that are kept: {@code access.log.1} is the youngest
     */
    record Place(Path path, boolean followed, long maxBytes, int kept) {
    }

    AccessFile(Place place) {
        this.place = place;
        this.path = place.path();
        this.links = place.followed() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        try {
            append(room(lines.remaining()), lines);
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    /** Appends whole lines, or as many of them as the disk has room for. */
    static void append(FileChannel channel, ByteBuffer lines) throws IOException {
        long before = channel.size();
        int from = lines.position();
        try {
            AccessOutput.writeAll(channel, lines);
        } catch (IOException failed) {
            // What there is of the line that did not fit goes; if even that fails, the next opening ends it.
            channel.truncate(before + lines.position() - from);
            throw failed;
        }
    }

    private FileChannel room(int length) throws IOException {
        if (opened.isPresent() && !opened.equals(there())) {
            close();
        }
        FileChannel channel = open();
        long size = channel.size();
        if (place.maxBytes() > 0 && size > 0 && size + length > place.maxBytes()) {
            close();
            putAside();
            channel = open();
        }
        return channel;
    }

    /** Which file has the name now; empty when none has. */
    private Optional<Object> there() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, links);
            if (!attributes.isRegularFile()) {
                throw new IOException(path + " is no regular file" + (attributes.isSymbolicLink() ? " but a symbolic link" : "")
                    + "; remove it, or name another path");
            }
            return Optional.of(Objects.requireNonNullElse(attributes.fileKey(), path));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private FileChannel open() throws IOException {
        if (open.isPresent()) {
            return open.get();
        }
        if (there().isEmpty()) {
            Files.createDirectories(path.toAbsolutePath().getParent());
        }
        // O_APPEND: after copying and truncating the next line begins at the new end, not behind a hole.
        FileChannel channel = FileChannel.open(path, options(CREATE, WRITE, APPEND), owned());
        open = Optional.of(channel);
        endBrokenLine(channel);
        opened = there();
        return channel;
    }

    private Set<OpenOption> options(OpenOption... some) {
        Set<OpenOption> options = new HashSet<>(Set.of(some));
        options.addAll(Set.of(links));
        return options;
    }

    /** Records name clients: the owner writes, the group may read (a log shipper), nobody else. A file that is there keeps what it has. */
    private FileAttribute<?>[] owned() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))} : new FileAttribute<?>[0];
    }

    /** A line cut off by a crash spoils itself only, not the next one. */
    private void endBrokenLine(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size == 0) {
            return;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel reader = FileChannel.open(path, options(READ))) {
            if (reader.read(last, size - 1) == 1 && last.get(0) != '\n') {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
    }

    private void putAside() throws IOException {
        for (int number = place.kept() - 1; number >= 1; number--) {
            if (Files.exists(aside(number), LinkOption.NOFOLLOW_LINKS)) {
                Files.move(aside(number), aside(number + 1), REPLACE_EXISTING);
            }
        }
        if (place.kept() > 0) {
            Files.move(path, aside(1), REPLACE_EXISTING);
        } else {
            Files.delete(path);
        }
    }

    private Path aside(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void reopen() {
        close();
        try {
            open();
        } catch (IOException refused) {
            // The next lines meet the same, and that is reported.
            close();
        }
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public void close() {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException lost) {
            // What was written is with the kernel; a failing close changes nothing that could be mended here.
        }
        open = Optional.empty();
        opened = Optional.empty();
    }
}
