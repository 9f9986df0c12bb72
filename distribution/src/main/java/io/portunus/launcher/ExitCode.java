// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

/** Exit codes of the process; 78 is reserved. */
final class ExitCode {
    /** A clean stop, or a check that found nothing. */
    static final int OK = 0;
    /** It could not run: a rule was not bound, a bundle did not start, the framework failed. */
    static final int FAILED = 1;
    /** Wrong usage or configuration, or a missing file. */
    static final int USAGE = 2;
    /** The JVM itself ends with it when its memory is exhausted (ExitOnOutOfMemoryError of the start script): a supervisor starts it again. */
    static final int OUT_OF_MEMORY = 3;

    /** A loop was lost, so the process has drained what still moved, for a supervisor to start it again ({@code [deploy] lost_loop}). */
    static final int LOST_LOOP = 4;
    /** It was stopped and something did not end within the deadline, so it was halted. */
    static final int HALTED = 5;

    private ExitCode() {
    }
}
