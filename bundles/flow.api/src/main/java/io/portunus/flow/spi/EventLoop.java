// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One I/O thread. A connection lives on one loop from accept to close; both of its streams are confined to it. Nothing that runs here may
 * block, lock, resolve names or touch storage.
 */
@ProviderType
public interface EventLoop extends Executor {
    /** Whether the caller runs on this loop. */
    boolean inside();

    /** Runs the task on this loop after the delay, unless it is cancelled before. Callable from any thread. */
    Cancellable after(Duration delay, Runnable task);

    /**
     * The loop's direct buffer of {@value #SCRATCH_BYTES} bytes, cleared. It belongs to the caller until its callback returns; bytes that
     * must live longer are copied out.
     */
    ByteBuffer scratch();

    /** Capacity of {@link #scratch()}. */
    int SCRATCH_BYTES = 64 * 1024;
}
