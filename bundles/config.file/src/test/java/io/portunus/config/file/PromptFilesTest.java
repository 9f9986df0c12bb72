// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PromptFilesTest {
    /** Of a device without end, which must not be read at all. */
    private static final Path DEVICE = Path.of("/dev/zero");
    private static final Path HUNG = Path.of("hung");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsAFileAndWhatALinkLeadsTo() throws IOException {
        Path file = Files.writeString(folder.resolve("portunus.toml"), "abc");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThat(PromptFiles.regular().read(file, 10)).asString().isEqualTo("abc");
        assertThat(PromptFiles.regular().read(link, 2)).asString().isEqualTo("ab");
    }

    @Test
    void whatIsNoRegularFileIsNotOpened() {
        assertThatThrownBy(() -> PromptFiles.regular().read(DEVICE, 10)).isInstanceOf(IOException.class).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> PromptFiles.once().read(DEVICE, 10)).isInstanceOf(IOException.class).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> PromptFiles.once().read(folder, 10)).isInstanceOf(IOException.class).hasMessageContaining("a directory");
    }

    @Test
    void aFileThatDoesNotAnswerHasADeadlineAndTheNextOneIsRead() throws IOException {
        CountDownLatch answer = new CountDownLatch(1);
        PromptFiles files = PromptFiles.of((file, most) -> content(file, answer), Duration.ofMillis(10));

        assertThatThrownBy(() -> files.read(HUNG, 1)).isInstanceOf(IOException.class).hasMessageContaining("did not answer");

        assertThat(patient(answer).read(Path.of("good"), 1)).isEmpty();
    }

    @Test
    void soManyMayHangAndNoMoreAreBegunUntilOneAnswers() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        PromptFiles files = PromptFiles.of((file, most) -> {
            hanging.incrementAndGet();
            return content(file, answer);
        }, Duration.ofMillis(10));
        // A thread that starts after the deadline finds its read withdrawn, and hangs on nothing.
        while (hanging.get() < PromptFiles.MAX_THREADS) {
            assertThatThrownBy(() -> files.read(HUNG, 1)).isInstanceOf(IOException.class).hasMessageContaining("did not answer");
        }

        assertThatThrownBy(() -> files.read(HUNG, 1)).isInstanceOf(IOException.class).hasMessageContaining("earlier tries");

        answer.countDown();
        while (refused(files)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDefectIsAnIoExceptionToo() {
        PromptFiles files = PromptFiles.of((file, most) -> {
            throw new UncheckedIOException(new IOException("torn"));
        }, PromptFiles.DEADLINE);

        assertThatThrownBy(() -> files.read(HUNG, 1)).isInstanceOf(IOException.class).hasMessage("torn");
    }

    private static PromptFiles patient(CountDownLatch answer) {
        return PromptFiles.of((file, most) -> content(file, answer), PromptFiles.DEADLINE);
    }

    /** Whether it is still refused because of those before it; a deadline that is too short for a busy machine is no refusal. */
    private static boolean refused(PromptFiles files) {
        try {
            return files.read(Path.of("good"), 1).length > 0;
        } catch (IOException late) {
            return String.valueOf(late.getMessage()).contains("earlier tries");
        }
    }

    /** As a file system of a network that has gone: no signal ends the call. */
    private static byte[] content(Path file, CountDownLatch answer) {
        while (file.equals(HUNG) && answer.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return new byte[0];
    }
}
