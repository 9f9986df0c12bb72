// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@link Libc} by java.lang.foreign. Used by one thread at a time, because errno is kept in the object; its memory goes with it. Loading
 * this class links the calls, so nobody touches it before {@link Platform} has agreed.
 */
class Ffm implements Libc {
    // Pointers are passed as addresses, NULL as 0. No call is "critical": that saves 1.5 ns, and holds up safepoints while a call lasts.
    static final ValueLayout.OfInt INT = JAVA_INT;
    static final ValueLayout.OfLong SIZE = JAVA_LONG;
    static final ValueLayout.OfLong POINTER = JAVA_LONG;
    private static final long NULL = 0;

    private static final MethodHandle SPLICE = link("splice", FunctionDescriptor.of(SIZE, INT, POINTER, INT, POINTER, SIZE, INT));
    private static final MethodHandle PIPE2 = link("pipe2", FunctionDescriptor.of(INT, POINTER, INT));
    private static final MethodHandle FCNTL = link("fcntl", FunctionDescriptor.of(INT, INT, INT, INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle SOCKETPAIR = link("socketpair", FunctionDescriptor.of(INT, INT, INT, INT, POINTER));
    private static final MethodHandle READ = link("read", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE));
    private static final MethodHandle WRITE = link("write", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE));
    private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final long ERRNO = CAPTURED.byteOffset(PathElement.groupElement("errno"));

    final MemorySegment captured = Arena.ofAuto().allocate(CAPTURED);
    private final MemorySegment pair = Arena.ofAuto().allocate(JAVA_INT, 2);

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
    public long splice(int fdIn, int fdOut, long len, int flags) {
        try {
            return (long) SPLICE.invokeExact(captured, fdIn, NULL, fdOut, NULL, len, flags);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int pipe2(int[] pipefd, int flags) {
        try {
            return filled(pipefd, (int) PIPE2.invokeExact(captured, pair.address(), flags));
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    private int filled(int[] two, int result) {
        MemorySegment.copy(pair, JAVA_INT, 0, two, 0, 2);
        return result;
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
    public int socketpair(int domain, int type, int protocol, int[] sv) {
        try {
            return filled(sv, (int) SOCKETPAIR.invokeExact(captured, domain, type, protocol, pair.address()));
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public long read(int fd, byte[] buf) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(buf.length);
            long read = (long) READ.invokeExact(captured, fd, bytes.address(), (long) buf.length);
            MemorySegment.copy(bytes, JAVA_BYTE, 0, buf, 0, Math.toIntExact(Math.max(read, 0)));
            return read;
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public long write(int fd, byte[] buf) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, buf);
            return (long) WRITE.invokeExact(captured, fd, bytes.address(), (long) buf.length);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int errno() {
        return captured.get(JAVA_INT, ERRNO);
    }
}
