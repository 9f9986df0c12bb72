// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import io.portunus.itest.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The start script run by lines of a shell, for what only a shell can give it: closed descriptors, limits, names that are no ASCII. */
final class Shell implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final int STOP_SECONDS = 60;

    private final Process process;
    private final Path errors;

    private Shell(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /**
     * Runs lines with the start script as {@code $1}, a folder for its files as {@code $2} and more from {@code $3} on; they {@code exec} it.
     *
     * @param folder gets {@code err.log} and {@code out.log}
     */
    static Shell run(Path folder, String lines, String... more) {
        try {
            List<String> words = new ArrayList<>(List.of("sh", "-c", lines, "sh",
                Path.of(System.getProperty("portunus.home"), "bin", "portunus-standalone").toString(), folder.toString()));
            words.addAll(List.of(more));
            Path errors = folder.resolve("err.log");
            ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile()).redirectError(errors.toFile())
                .redirectOutput(folder.resolve("out.log").toFile()).redirectInput(Path.of("/dev/null").toFile());
            builder.environment().put("PORTUNUS_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
            return new Shell(builder.start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the file is there, with something in it. */
    void awaitFile(Path file) {
        Await.until(file + " is there", START, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended with " + process.exitValue() + "\n" + errors());
            }
            return file.toFile().length() > 0;
        });
    }

    /** Waits until it said something on standard error. */
    void awaitWords(String words) {
        Await.until("it says " + words, START, () -> {
            if (!process.isAlive() && !errors().contains(words)) {
                throw new AssertionError("it ended with " + process.exitValue() + "\n" + errors());
            }
            return errors().contains(words);
        });
    }

    /** What one of its descriptors is (proc(5)). */
    String descriptor(int number) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/fd/" + number)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it ignores a signal (proc(5)). */
    boolean ignores(int signal) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream().filter(l -> l.startsWith("SigIgn:"))
                .anyMatch(l -> (Long.parseUnsignedLong(l.replaceAll("SigIgn:\\s*", ""), 16) >>> (signal - 1) & 1) == 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    /** Waits for its end. */
    int exitCode() {
        try {
            if (!process.waitFor(START.toSeconds() + STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not end\n" + errors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        exitCode();
    }
}
