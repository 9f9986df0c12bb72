// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class FileWatchTest {
    private static final String GONE = "gone";
    private static final Duration INTERVAL = Duration.ofMillis(20);
    /** Long enough for the watch to have made the calls that it will make. */
    private static final long QUIET_MILLIS = 200;

    /** The content of the file at each call of the watch. */
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Path folder = Path.of("");
    private Path file = Path.of("");
    /** What the bundles declare. */
    private volatile String declared = "";
    private FileWatch watch = new FileWatch(file, INTERVAL, () -> declared, () -> { });

    @BeforeEach
    void watchAFile(@TempDir Path temp) throws Exception {
        folder = temp;
        file = Files.writeString(folder.resolve("portunus.toml"), "one");
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void notifiesOfTheFirstLookAndThenOfChangesOnly() throws Exception {
        start();
        assertThat(next()).isEqualTo("one");
        assertQuiet();

        Files.writeString(file, "two");

        assertThat(next()).isEqualTo("two");
        assertQuiet();
    }

    @Test
    void notifiesOfAnotherMeaningOfTheSameFile() throws Exception {
        start();
        assertThat(next()).isEqualTo("one");

        declared = "another table";

        assertThat(next()).isEqualTo("one");
        assertQuiet();
    }

    @Test
    void seesAFileThatIsRenamedIntoPlace() throws Exception {
        start();
        assertThat(next()).isEqualTo("one");
        FileTime before = Files.getLastModifiedTime(file);

        Path other = Files.writeString(folder.resolve("new"), "two");
        Files.setLastModifiedTime(other, before);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void seesContentThatKeepsSizeAndTime() throws Exception {
        start();
        assertThat(next()).isEqualTo("one");
        FileTime before = Files.getLastModifiedTime(file);

        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, before);

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void seesALinkThatIsSwappedSomewhereOnTheWay() throws Exception {
        Path first = Files.writeString(Files.createDirectory(folder.resolve("v1")).resolve("portunus.toml"), "v1");
        Path second = Files.writeString(Files.createDirectory(folder.resolve("v2")).resolve("portunus.toml"), "v2");
        Files.createSymbolicLink(folder.resolve("data"), first.getParent());
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("data", "portunus.toml"));
        start();
        assertThat(next()).isEqualTo("v1");

        Path swapped = Files.createSymbolicLink(folder.resolve("data.new"), second.getParent());
        Files.move(swapped, folder.resolve("data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("v2");
    }

    @Test
    void aBurstOfEditsEndsInTheLastState() throws Exception {
        start();
        assertThat(next()).isEqualTo("one");

        for (int i = 0; i <= 500; i++) {
            Files.writeString(file, "edit " + i);
        }

        String last = next();
        while (!last.equals("edit 500")) {
            last = next();
        }
        assertQuiet();
    }

    @Test
    void aFileThatStaysAwayIsNotifiedOnceAndItsReturnToo() throws Exception {
        start();
        assertThat(next()).isEqualTo("one");

        Files.delete(file);
        assertThat(next()).isEqualTo(GONE);
        assertQuiet();

        Files.writeString(file, "one");
        assertThat(next()).isEqualTo("one");
    }

    @Test
    void anEmptyFileIsNothingYet() throws Exception {
        watch = new FileWatch(file, Duration.ofMillis(250), () -> declared, () -> seen.add(content()));
        watch.start();
        assertThat(next()).isEqualTo("one");

        Files.writeString(file, "");
        Files.delete(file);
        Files.writeString(file, "two");

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void aReloadThatThrowsDoesNotEndTheWatch() throws Exception {
        watch = new FileWatch(file, INTERVAL, () -> declared, () -> {
            seen.add(content());
            throw new IllegalStateException("broken");
        });
        watch.start();
        assertThat(next()).isEqualTo("one");

        Files.writeString(file, "two");

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void itsThreadEndsWhenItIsClosed() throws Exception {
        watch = new FileWatch(file, Duration.ofHours(1), () -> declared, () -> { });
        Thread thread = watch.start();

        watch.close();

        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        assertThat(thread.getName()).isEqualTo("config-watch");
    }

    private void start() {
        watch = new FileWatch(file, INTERVAL, () -> declared, () -> seen.add(content()));
        watch.start();
    }

    private String content() {
        try {
            return Files.exists(file) ? Files.readString(file) : GONE;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(10, TimeUnit.SECONDS));
    }

    private void assertQuiet() throws InterruptedException {
        assertThat(seen.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS)).isNull();
    }
}
