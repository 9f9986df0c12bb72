// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

/** Ends the process with a sentence for the operator instead of a stack trace. */
final class LaunchException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    LaunchException(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    LaunchException(int exitCode, String sentence, Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
