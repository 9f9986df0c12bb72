// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A loop that the caller is on, or another that runs nothing by itself. */
record FakeLoop(boolean inside, List<Runnable> queued) implements EventLoop {
    FakeLoop(boolean inside) {
        this(inside, new ArrayList<>());
    }

    @Override
    public void execute(Runnable task) {
        queued.add(task);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        throw new AssertionError("not needed here");
    }

    @Override
    public ByteBuffer scratch() {
        throw new AssertionError("not needed here");
    }
}
