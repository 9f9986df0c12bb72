// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** A kernel in memory: pipes and pairs of sockets, and calls that the test lets fail. Confined to one thread. */
final class FakeLibc implements PipeLibc {
    /** Bytes that a splice moves at most. */
    int spliceBytes = Integer.MAX_VALUE;
    /** Errnos that the next splices fail with, one each; 0 for one that does not. */
    final Queue<Integer> spliceFails = new ArrayDeque<>();
    /** Errno that each splice fails with; 0 for none. */
    int refusesSplice;
    /** Size of the pipes it makes. */
    int pipeBytes = 1 << 20;
    /** Errno that pipe2 fails with; 0 for none. */
    int refusesPipes;
    private final Map<Integer, Queue<Byte>> readable = new HashMap<>();
    private final Map<Integer, Integer> peers = new HashMap<>();
    private int last = 2;
    private int errno;

    /** Descriptors that are open. */
    int open() {
        return readable.size();
    }

    private int fail(int why) {
        errno = why;
        return -1;
    }

    private Queue<Byte> of(int fd) {
        Queue<Byte> bytes = readable.get(fd);
        if (bytes == null) {
            throw new AssertionError("not open: " + fd);
        }
        return bytes;
    }

    private int[] pair() {
        int[] two = {++last, ++last};
        for (int i = 0; i < 2; i++) {
            readable.put(two[i], new ArrayDeque<>());
            peers.put(two[i], two[1 - i]);
        }
        return two;
    }

    private int fill(int[] two) {
        System.arraycopy(pair(), 0, two, 0, 2);
        return 0;
    }

    @Override
    public long splice(int fdIn, int fdOut, long len, int flags) {
        if (!spliceFails.isEmpty()) {
            int why = spliceFails.remove();
            if (why != 0) {
                return fail(why);
            }
        }
        if (refusesSplice != 0) {
            return fail(refusesSplice);
        }
        Queue<Byte> from = of(fdIn);
        if (from.isEmpty()) {
            return readable.containsKey(peers.get(fdIn)) ? fail(EAGAIN) : 0;
        }
        Queue<Byte> to = readable.get(peers.get(fdOut));
        if (to == null) {
            return fail(32);
        }
        long moved = 0;
        for (; moved < Math.min(len, spliceBytes) && !from.isEmpty(); moved++) {
            to.add(from.remove());
        }
        return moved;
    }

    @Override
    public int pipe2(int[] pipefd, int flags) {
        return refusesPipes != 0 ? fail(refusesPipes) : fill(pipefd);
    }

    @Override
    public int fcntl(int fd, int op, int arg) {
        return op == F_SETPIPE_SZ && arg > pipeBytes ? fail(EPERM) : pipeBytes;
    }

    @Override
    public int close(int fd) {
        if (readable.remove(fd) == null) {
            throw new AssertionError("closed twice: " + fd);
        }
        return 0;
    }

    @Override
    public int socketpair(int domain, int type, int protocol, int[] sv) {
        return fill(sv);
    }

    @Override
    public long read(int fd, byte[] buf) {
        Queue<Byte> from = of(fd);
        int read = Math.min(buf.length, from.size());
        for (int i = 0; i < read; i++) {
            buf[i] = from.remove();
        }
        return read;
    }

    @Override
    public long write(int fd, byte[] buf) {
        Queue<Byte> to = of(peers.getOrDefault(fd, -1));
        for (byte octet : buf) {
            to.add(octet);
        }
        return buf.length;
    }

    @Override
    public int errno() {
        return errno;
    }

    @Override
    public long address(ByteBuffer direct) {
        throw new AssertionError("no memory");
    }
}
