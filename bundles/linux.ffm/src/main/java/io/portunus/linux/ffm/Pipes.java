// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of one loop. A lane leases one while it holds bytes; only an empty pipe comes back, so that no byte of a flow can ever reach
 * another one. Confined to its loop, or to the thread of a trial.
 */
final class Pipes {
    /** Pipes a loop has open at most, leased ones counted: 128 descriptors, and 64 MiB that the kernel holds if all are full. */
    static final int MAX_OPEN = 64;
    /** And no more than one for so many descriptors that the process may open; the engine leaves them to us. */
    private static final long DESCRIPTORS_A_PIPE = 64;
    private static final int MOST = most();
    /** Pipes that wait to be leased; one more is closed. */
    static final int MAX_IDLE = 16;
    /** What is asked for: a pipe of this size moves most bytes a call, and without CAP_SYS_RESOURCE it is the kernel's maximum. */
    static final int WANTED_BYTES = 1 << 20;
    /** What is taken at least. Beyond pipe-user-pages-soft the kernel gives pipes of one or two pages (pipe(7)); copying is better. */
    static final int LEAST_BYTES = 64 * 1024;

    private final PipeLibc libc;
    private final BooleanSupplier retired;
    private final ArrayDeque<Pipe> idle = new ArrayDeque<>(MAX_IDLE);
    private int open;

    /**
     * Makes a pool without pipes.
     *
     * @param retired whether what comes back is to be closed instead of kept
     */
    Pipes(PipeLibc libc, BooleanSupplier retired) {
        this.libc = libc;
        this.retired = retired;
    }

    private static int most() {
        try {
            Object limit = ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName("java.lang:type=OperatingSystem"), "MaxFileDescriptorCount");
            return Math.clamp(((Number) limit).longValue() / DESCRIPTORS_A_PIPE, 1, MAX_OPEN);
        } catch (JMException notUnix) {
            return MAX_OPEN;
        }
    }

    PipeLibc libc() {
        return libc;
    }

    /** Whether {@link #lease} may give one. */
    boolean available() {
        return !idle.isEmpty() || open < MOST;
    }

    /** An empty pipe, or null when none is to be had now; it comes back by {@link #giveBack} or {@link #discard}. */
    @Nullable Pipe lease() {
        Pipe pipe = idle.poll();
        return pipe != null || open == MOST ? pipe : make();
    }

    private @Nullable Pipe make() {
        int[] ends = new int[2];
        if (libc.pipe2(ends, PipeLibc.O_NONBLOCK | PipeLibc.O_CLOEXEC) < 0) {
            return null;
        }
        open++;
        libc.fcntl(ends[1], PipeLibc.F_SETPIPE_SZ, WANTED_BYTES);
        Pipe pipe = new Pipe(ends[0], ends[1], libc.fcntl(ends[1], PipeLibc.F_GETPIPE_SZ, 0));
        if (pipe.capacity() < LEAST_BYTES) {
            discard(pipe);
            return null;
        }
        return pipe;
    }

    /** Takes back a pipe that is empty. The one used last is leased first: what it needs is in the processor's caches. */
    void giveBack(Pipe empty) {
        if (retired.getAsBoolean() || idle.size() == MAX_IDLE) {
            discard(empty);
        } else {
            idle.push(empty);
        }
    }

    /** Closes a pipe, and with it what it holds. */
    void discard(Pipe pipe) {
        open--;
        libc.close(pipe.readEnd());
        libc.close(pipe.writeEnd());
    }

    /** Closes those that wait. */
    void drain() {
        for (Pipe pipe = idle.poll(); pipe != null; pipe = idle.poll()) {
            discard(pipe);
        }
    }

    /** Pipes that are open, leased ones counted. */
    int open() {
        return open;
    }
}
