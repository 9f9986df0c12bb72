// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import io.portunus.itest.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that is installed, as a process in the foreground. */
final class Server implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);

    private final Process process;
    private final Path log;

    private Server(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it and waits until it listens. */
    static Server start(Path log, int port, List<String> command) {
        Server server = launch(log, command);
        Await.until(command.getFirst() + " listens on " + port + "; its log is " + log, START, () -> listens(port));
        return server;
    }

    /** Starts it. */
    static Server launch(Path log, List<String> command) {
        try {
            return new Server(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        } catch (IOException e) {
            throw new AssertionError("this test needs " + command.getFirst() + "; the README of itest/peers says how to install it", e);
        }
    }

    /** Waits until it has written this. */
    Server awaits(String text) {
        Await.until("it writes \"" + text + "\" into " + log, START, () -> written().contains(text));
        return this;
    }

    /** Types a line. */
    void type(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException ended) {
            throw new AssertionError("it has ended: " + written(), ended);
        }
    }

    /** What it has written so far. */
    String written() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean listens(int port) {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What a program writes that ends by itself. */
    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not end: " + command);
            }
            return said;
        } catch (IOException e) {
            throw new AssertionError("this test needs " + command.getFirst() + "; the README of itest/peers says how to install it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void signal(String name) {
        run(List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
