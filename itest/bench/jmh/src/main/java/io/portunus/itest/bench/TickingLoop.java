// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The benchmark's thread as a loop whose timers never come. */
final class TickingLoop implements EventLoop {
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

    @Override
    public boolean inside() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        return () -> { };
    }

    @Override
    public ByteBuffer scratch() {
        return scratch.clear();
    }
}
