// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NamedFileTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void readsARegularFileAlsoThroughALink() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertThat(NamedFile.read(file, 7, LONG)).asString(US_ASCII).isEqualTo("content");
        assertThat(NamedFile.read(Files.createSymbolicLink(folder.resolve("link"), file), 7, LONG)).hasSize(7);
        assertThatThrownBy(() -> NamedFile.read(file, 6, LONG)).isInstanceOf(IOException.class).hasMessageContaining("more than 6 bytes");
        assertThatThrownBy(() -> NamedFile.read(folder.resolve("none"), 6, LONG)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void opensNoPipeNoDeviceAndNoFolder() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> NamedFile.read(pipe, 100, LONG)).hasMessageContaining("a pipe, a socket or a device");
        assertThatThrownBy(() -> NamedFile.read(Path.of("/dev/zero"), 100, LONG)).hasMessageContaining("a device");
        assertThatThrownBy(() -> NamedFile.read(folder, 100, LONG)).hasMessageContaining("a folder");
    }

    @Test
    void readsNothingOfASparseFileThatIsTooLarge() throws Exception {
        Path sparse = folder.resolve("sparse");
        try (RandomAccessFile made = new RandomAccessFile(sparse.toFile(), "rw")) {
            made.setLength(1L << 40);
        }
        ByteArrayOutputStream copied = new ByteArrayOutputStream();

        assertThatThrownBy(() -> NamedFile.copy(sparse, copied, 1 << 20, LONG)).hasMessageContaining("more than 1048576 bytes");
        assertThat(copied.size()).isZero();
    }

    @Test
    void givesUpWhenTheTimeIsOverAndTheNextOneWorks() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                hanging.incrementAndGet();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };

        // A thread that starts after the deadline finds its copy withdrawn, and hangs on nothing.
        while (hanging.get() < NamedFile.MOST) {
            assertThatThrownBy(() -> NamedFile.copy(file, stuck, 100, Duration.ofMillis(50))).hasMessageContaining("not read within");
        }
        assertThatThrownBy(() -> NamedFile.read(file, 100, LONG)).hasMessageContaining("as many files as may be");
        never.countDown();

        byte[] read = {};
        while (read.length == 0) {
            try {
                read = NamedFile.read(file, 100, LONG);
            } catch (IOException stillFull) {
                assertThat(stillFull).hasMessageContaining("as many files as may be");
            }
        }
        assertThat(read).hasSize(7);
    }
}
