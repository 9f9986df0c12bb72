// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.portunus.linux.api.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/**
 * {@link Libc} by java.lang.foreign. Used by one thread at a time, because errno is kept in the object; its memory goes with it. Loading
 * this class links the calls, so nobody touches it before {@link Platform} has agreed.
 */
class Ffm implements Libc {
    // Pointers are passed as addresses, NULL as 0. No call is "critical": that saves 1.5 ns, and holds up safepoints while a call lasts.
    static final ValueLayout.OfInt INT = JAVA_INT;
    static final ValueLayout.OfLong SIZE = JAVA_LONG;
    static final ValueLayout.OfLong POINTER = JAVA_LONG;

    private static final MethodHandle FCNTL = link("fcntl", FunctionDescriptor.of(INT, INT, INT, INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(INT, INT));
    private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final long ERRNO = CAPTURED.byteOffset(PathElement.groupElement("errno"));

    final MemorySegment captured = Arena.ofAuto().allocate(CAPTURED);

    @SuppressWarnings("restricted")
    static MethodHandle link(String name, FunctionDescriptor types, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types, all);
    }

    /** A call through a handle of ours throws nothing of its own. */
    static AssertionError impossible(Throwable thrown) {
        return new AssertionError(thrown);
    }

    @Override
    public int fcntl(int fd, int op, int arg) {
        try {
            return (int) FCNTL.invokeExact(captured, fd, op, arg);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int close(int fd) {
        try {
            return (int) CLOSE.invokeExact(captured, fd);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int errno() {
        return captured.get(JAVA_INT, ERRNO);
    }

    @Override
    public long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("a buffer on the heap has no address");
        }
        return MemorySegment.ofBuffer(direct).address();
    }
}
