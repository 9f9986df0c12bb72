// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;

/**
 * Ends the flow when what nobody else watches over has a defect: timers, and answers that others give on the loop. The engine watches over
 * events only, and a flow that nobody ends would stay for ever. Confined to the flow's loop.
 */
interface FlowGuard {
    /** Runs a step of the flow; should it throw, the flow ends, and the caller is told as well. */
    void run(Runnable step);

    /** The same, later. */
    Cancellable after(Duration delay, Runnable step);
}
