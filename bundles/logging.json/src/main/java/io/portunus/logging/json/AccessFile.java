// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The file of access records and its rotation. Confined to the writer's thread. */
final class AccessFile implements AutoCloseable {
    /** Size beyond which the file is put aside. */
    static final long MAX_BYTES = 64L * 1024 * 1024;
    /** Files put aside that are kept: {@code access.log.1} is the youngest. */
    static final int KEPT = 4;

    private final Path path;
    private final long maxBytes;
    private Optional<FileChannel> open = Optional.empty();

    AccessFile(Path path, long maxBytes) {
        this.path = path;
        this.maxBytes = maxBytes;
    }

    /** Appends; after a failure the file is closed and the next call begins anew. */
    void append(byte[] lines) throws IOException {
        try {
            FileChannel channel = room(lines.length);
            ByteBuffer bytes = ByteBuffer.wrap(lines);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    private FileChannel room(int length) throws IOException {
        FileChannel channel = open();
        if (channel.position() > 0 && channel.position() + length > maxBytes) {
            close();
            rotate();
            channel = open();
        }
        return channel;
    }

    private FileChannel open() throws IOException {
        if (open.isPresent()) {
            return open.get();
        }
        Files.createDirectories(path.toAbsolutePath().getParent());
        boolean fresh = Files.notExists(path);
        FileChannel channel = FileChannel.open(path, CREATE, READ, WRITE);
        open = Optional.of(channel);
        if (fresh && Files.getFileAttributeView(path, PosixFileAttributeView.class) != null) {
            // Records name clients: the owner writes, the group may read (a log shipper), nobody else.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        }
        channel.position(channel.size());
        endBrokenLine(channel);
        return channel;
    }

    /** A line cut off by a full disk or a crash spoils itself only, not the next one. */
    private static void endBrokenLine(FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        if (size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n') {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    private void rotate() throws IOException {
        for (int number = KEPT - 1; number >= 1; number--) {
            if (Files.exists(aside(number))) {
                Files.move(aside(number), aside(number + 1), REPLACE_EXISTING);
            }
        }
        Files.move(path, aside(1), REPLACE_EXISTING);
    }

    private Path aside(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
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
    }
}
