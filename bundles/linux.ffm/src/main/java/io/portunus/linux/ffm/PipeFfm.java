// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link PipeLibc} by java.lang.foreign; what {@link Ffm} states holds for it too. */
final class PipeFfm extends Ffm implements PipeLibc {
    private static final long NULL = 0;

    private static final MethodHandle SPLICE = link("splice", FunctionDescriptor.of(SIZE, INT, POINTER, INT, POINTER, SIZE, INT));
    private static final MethodHandle PIPE2 = link("pipe2", FunctionDescriptor.of(INT, POINTER, INT));
    private static final MethodHandle SOCKETPAIR = link("socketpair", FunctionDescriptor.of(INT, INT, INT, INT, POINTER));
    private static final MethodHandle READ = link("read", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE));
    private static final MethodHandle WRITE = link("write", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE));

    private final MemorySegment pair = Arena.ofAuto().allocate(JAVA_INT, 2);

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
}
