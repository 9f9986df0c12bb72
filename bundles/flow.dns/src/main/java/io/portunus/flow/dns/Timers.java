// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The thread that everything here is confined to, and its clockwork; tests have one without a thread. */
interface Timers extends Executor {
    /** Runs the task after the delay, unless it is cancelled before. Only on the thread itself, and so is cancelling. */
    Cancellable after(Duration delay, Runnable task);
}
