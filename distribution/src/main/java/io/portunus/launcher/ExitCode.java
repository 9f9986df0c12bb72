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

    private ExitCode() {
    }
}
