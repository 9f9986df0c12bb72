// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** OpenSSH's own programs, which must be on this machine. Confined to one test. */
final class OpenSsh {
    private static final int LIMIT_SECONDS = 20;

    private final Path folder;

    OpenSsh(Path folder) {
        this.folder = folder;
        for (String program : List.of("/usr/bin/ssh", "/usr/bin/ssh-keygen", "/usr/bin/script")) {
            assertThat(Path.of(program)).as("these tests need OpenSSH's client and script(1); this machine lacks one").exists();
        }
    }

    /**
     * How a program ended.
     *
     * @param status its exit status
     * @param out its standard output
     * @param err its standard error
     */
    record Ended(int status, String out, String err) {
    }

    /** Makes a key; the private one has the name, the public one the name and {@code .pub}. */
    Path key(String name, String type, String comment) throws IOException, InterruptedException {
        Ended made = run("", List.of("/usr/bin/ssh-keygen", "-q", "-t", type, "-N", "", "-C", comment, "-f", folder.resolve(name).toString()));
        assertThat(made.status()).as(made.err()).isZero();
        return folder.resolve(name);
    }

    /** Runs a line on the server, or with an empty one a shell that is fed the input. */
    Ended ssh(int port, Path key, String input, String... more) throws IOException, InterruptedException {
        return run(input, command(port, key, more));
    }

    List<String> command(int port, Path key, String... more) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/ssh", "-F", "none", "-p", Integer.toString(port), "-i", key.toString(),
            "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR",
            "-o", "UserKnownHostsFile=" + folder.resolve("known_hosts"), "-o", "ConnectTimeout=10", "-l", "anybody", "127.0.0.1"));
        command.addAll(List.of(more));
        return command;
    }

    /**
     * What a human types, once he has read something.
     *
     * @param after what has to be read first, behind what was read for the step before
     * @param text the keys; Ctrl-C is pressed again as long as nothing comes of it
     */
    record Typed(String after, String text) {
        static final String CONTROL_C = "\u0003";
    }

    /** Runs a program on a terminal that a human sits at. */
    Ended run(List<Typed> steps, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try (var in = process.getOutputStream()) {
            int read = 0;
            String last = "";
            for (Typed step : steps) {
                read = await(out, step.after(), read, last.equals(Typed.CONTROL_C) ? in : OutputStream.nullOutputStream());
                last = step.text();
                in.write(last.getBytes(UTF_8));
                in.flush();
            }
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(Files.readString(out)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out), "");
    }

    private static int await(Path out, String text, int from, OutputStream again) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Instant end = Instant.now().plusSeconds(LIMIT_SECONDS);
        int found = Files.readString(out).indexOf(text, from);
        while (found < 0) {
            assertThat(Instant.now()).as("waiting for '" + text + "' in " + Files.readString(out)).isBefore(end);
            assertThat(never.await(250, TimeUnit.MILLISECONDS)).isFalse();
            again.write(Typed.CONTROL_C.getBytes(UTF_8));
            again.flush();
            found = Files.readString(out).indexOf(text, from);
        }
        return found + text.length();
    }

    Ended run(String input, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(UTF_8));
        } catch (IOException gone) {
            throw new UncheckedIOException("the program ended before it read its input: " + Files.readString(err), gone);
        }
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end; it said " + Files.readString(out) + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
