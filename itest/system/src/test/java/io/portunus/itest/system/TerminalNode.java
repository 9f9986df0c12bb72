// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import io.portunus.itest.testkit.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The distribution on a terminal of its own, which script(1) makes, with somebody who reads and types. Confined to one test. */
final class TerminalNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** Control sequences of ECMA-48 §5.4. */
    private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9;?]*[a-zA-Z]");

    private final Process process;
    private final Path screen;
    private int read;

    private TerminalNode(Process process, Path screen) {
        this.process = process;
        this.screen = screen;
    }

    static TerminalNode start(List<String> arguments, Path directory) throws IOException {
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("portunus.home"), "bin", "portunus-standalone").toString()));
        words.addAll(arguments);
        String line = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path screen = directory.resolve("screen");
        // What runs in the background, as a build may, has SIGINT ignored, and whoever it starts; on a terminal nobody has.
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/script", "-qec",
            "stty cols 150 rows 50; exec env --default-signal=INT,QUIT " + line, "/dev/null");
        builder.environment().put("PORTUNUS_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("TERM", "xterm");
        builder.environment().put("HOME", directory.toString());
        return new TerminalNode(builder.redirectErrorStream(true).redirectOutput(screen.toFile()).start(), screen);
    }

    /** Everything on the screen so far, without what colours it and moves the cursor. */
    String text() {
        try {
            return CONTROL.matcher(Files.readString(screen)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on until there is this. */
    TerminalNode awaits(String text) {
        try {
            Await.until(text, PATIENCE, () -> text().indexOf(text, read) >= 0);
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "; the screen has\n" + text(), late);
        }
        read = text().indexOf(text, read) + text.length();
        return this;
    }

    TerminalNode types(String keys) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(keys.getBytes(StandardCharsets.UTF_8));
        in.flush();
        return this;
    }

    /** Types it again and again until there is this. */
    TerminalNode presses(String keys, String until) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            types(keys);
            try {
                Await.until(until, AGAIN, () -> text().indexOf(until, read) >= 0);
                return awaits(until);
            } catch (AssertionError notYet) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("no '" + until + "'; the screen has\n" + text(), notYet);
                }
            }
        }
    }

    /** Sends the node a signal. */
    TerminalNode signals(String name) throws IOException {
        long node = process.toHandle().children().findFirst().orElseThrow().pid();
        new ProcessBuilder("kill", "-" + name, Long.toString(node)).start();
        return this;
    }

    /** Waits until what was started has ended. */
    int exitCode() {
        Await.until("the end", PATIENCE, () -> !process.isAlive());
        return process.exitValue();
    }

    /** Everything that was written to the screen, as it was. */
    String screen() throws IOException {
        return Files.readString(screen);
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            types("\u0004");
        }
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("the node did not stop; the screen has\n" + text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
