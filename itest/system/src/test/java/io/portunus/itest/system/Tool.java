// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
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
