// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A loop on which everything runs at once, and nothing ever later. Thread-safe. */
final class ContractLoop implements EventLoop {
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
        return ByteBuffer.allocateDirect(SCRATCH_BYTES);
    }
}
