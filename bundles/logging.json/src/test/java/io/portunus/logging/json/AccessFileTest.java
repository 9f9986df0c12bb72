// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessFileTest {
    @TempDir
    private Path folder = Path.of("");
    private Path path = folder;
    private AccessFile file = new AccessFile(new AccessFile.Place(folder, false, 0, 0));

    @BeforeEach
    void prepare() {
        path = folder.resolve("access.log");
        file = at(path, 0, 4);
    }

    @AfterEach
    void close() {
        file.close();
    }

    private static AccessFile at(Path path, long maxBytes, int kept) {
        return new AccessFile(new AccessFile.Place(path, false, maxBytes, kept));
    }

    private static ByteBuffer lines(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private void write(String text) throws IOException {
        file.write(lines(text));
    }

    @Test
    void keepsAsManyOldFilesAsConfigured() throws IOException {
        file = at(path, 10, 4);

        for (int i = 0; i < 8; i++) {
            write("line " + i + "\n");
        }

        assertThat(folder).isDirectoryNotContaining(p -> p.toString().endsWith(".5"));
        assertThat(Files.readString(path)).isEqualTo("line 7\n");
        assertThat(Files.readString(folder.resolve("access.log.1"))).isEqualTo("line 6\n");
        assertThat(Files.readString(folder.resolve("access.log.4"))).isEqualTo("line 3\n");
    }

    /** C12. */
    @Test
    void keepsNoneIfConfiguredSoAndNeverRotatesWithoutASize() throws IOException {
        file = at(path, 10, 0);
        write("line 0\n");
        write("line 1\n");
        assertThat(Files.readString(path)).isEqualTo("line 1\n");

        file.close();
        file = at(path, 0, 0);
        write("line 2\n");

        assertThat(Files.readString(path)).isEqualTo("line 1\nline 2\n");
        assertThat(folder).isDirectoryNotContaining(p -> !p.equals(path));
    }

    @Test
    void goesOnInTheFileOfTheLastStartAndEndsItsBrokenLine() throws IOException {
        Files.writeString(path, "{}\n{\"broken");

        write("{}\n");

        assertThat(Files.readAllLines(path)).containsExactly("{}", "{\"broken", "{}");
    }

    @Test
    void triesAgainAfterTheDiskFailed() throws IOException {
        Path blocked = folder.resolve("blocked");
        Files.writeString(blocked, "a file where the folder should be");
        file = at(blocked.resolve("access.log"), 0, 0);

        assertThatThrownBy(() -> write("{}\n")).isInstanceOf(IOException.class);
        Files.delete(blocked);
        write("{}\n");

        assertThat(Files.readString(blocked.resolve("access.log"))).isEqualTo("{}\n");
    }

    /** A4. */
    @Test
    void followsAFileThatWasRenamed() throws IOException {
        write("1\n");

        Files.move(path, folder.resolve("old"));
        write("2\n");

        assertThat(Files.readString(folder.resolve("old"))).isEqualTo("1\n");
        assertThat(Files.readString(path)).isEqualTo("2\n");
    }

    /** A4. */
    @Test
    void followsAFileThatWasRenamedAndMadeAnew() throws IOException {
        write("1\n");

        Files.move(path, folder.resolve("old"));
        Files.writeString(path, "made by another\n");
        write("2\n");

        assertThat(Files.readString(folder.resolve("old"))).isEqualTo("1\n");
        assertThat(Files.readString(path)).isEqualTo("made by another\n2\n");
    }

    /** A4. */
    @Test
    void leavesNoHoleInAFileThatWasCopiedAndTruncated() throws IOException {
        write("1\n");
        write("2\n");

        Files.copy(path, folder.resolve("copy"));
        Files.write(path, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        write("3\n");

        assertThat(Files.readString(path)).isEqualTo("3\n");
    }

    /** A4. */
    @Test
    void makesAFileAgainThatWasDeleted() throws IOException {
        write("1\n");

        Files.delete(path);
        write("2\n");
        Files.delete(path);
        file.reopen();

        assertThat(path).isEmptyFile();
        write("3\n");
        assertThat(Files.readString(path)).isEqualTo("3\n");
    }

    /** A4: a link in the state folder may be somebody else's; one that the operator names is his. */
    @Test
    void followsNoLinkInTheStateFolder() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "");
        Files.createSymbolicLink(path, other);

        assertThatThrownBy(() -> write("1\n")).isInstanceOf(IOException.class).hasMessageContaining("symbolic link");
        assertThat(other).isEmptyFile();

        file = new AccessFile(new AccessFile.Place(path, true, 0, 0));
        write("2\n");
        write("3\n");
        assertThat(Files.readString(other)).isEqualTo("2\n3\n");
    }

    @Test
    void writesToFilesOnly() {
        file = at(folder, 0, 0);

        assertThatThrownBy(() -> write("1\n")).isInstanceOf(IOException.class).hasMessageContaining("no regular file");
    }

    /** A7: what was cut off by a full disk is taken back, and distinguished from what is there as a whole. */
    @Test
    void leavesWholeLinesOnADiskThatIsFull() throws IOException {
        write("line 1\n");
        ByteBuffer more = lines("line 2\nline 3\nline 4\n");
        try (Small small = new Small(FileChannel.open(path, StandardOpenOption.APPEND), 18)) {
            assertThatThrownBy(() -> AccessFile.append(small, more)).isInstanceOf(IOException.class).hasMessage("No space left on device");
        }

        assertThat(Files.readString(path)).isEqualTo("line 1\nline 2\nline 3\n");
        assertThat(more.remaining()).isEqualTo("line 4\n".length());
        write("line 5\n");
        assertThat(Files.readAllLines(path)).endsWith("line 3", "line 5");
    }

    /** A file on a disk that has room for some bytes only. */
    private static final class Small extends FileChannel {
        private final FileChannel file;
        private int room;

        Small(FileChannel file, int room) {
            this.file = file;
            this.room = room;
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int limit = src.limit();
            src.limit(Math.min(limit, src.position() + room));
            int written = file.write(src);
            src.limit(limit);
            room -= written;
            return written;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public int read(ByteBuffer dst) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] dsts, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] srcs, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force(boolean metaData) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel src, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer dst, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer src, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public java.nio.MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
