// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;

/** Runs what may wait and may block, on no I/O thread. */
interface Delay {
    /** Runs a task later, once, unless it is cancelled. */
    Cancellable after(Duration delay, Runnable task);
}
