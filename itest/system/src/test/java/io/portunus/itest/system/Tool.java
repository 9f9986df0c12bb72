// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real clients, run as they are. */
final class Tool {
    private static final int SECONDS = 20;

    private Tool() {
    }

    record Said(int exitCode, String text) {
    }

    /** Runs a program with this on its standard input and gives what it wrote to both outputs. */
    static Said run(String input, List<String> command) {
        return run(input, new ProcessBuilder(command), SECONDS);
    }

    /** Runs a program that is prepared, with {@code PORTUNUS} in its environment and nothing on its standard input. */
    static Said run(ProcessBuilder prepared, Path portunus, int seconds) {
        prepared.environment().put("PORTUNUS", portunus.toString());
        return run("", prepared, seconds);
    }

    private static Said run(String input, ProcessBuilder prepared, int seconds) {
        List<String> command = prepared.command();
        try {
            Process process = prepared.redirectErrorStream(true).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not end: " + command + "\n" + said);
            }
            return new Said(process.exitValue(), said);
        } catch (IOException e) {
            throw new AssertionError("these tests need the program " + command.getFirst() + ": install it (Debian: apt-get install openssl curl)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
