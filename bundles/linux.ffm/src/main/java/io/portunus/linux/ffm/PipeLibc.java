// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.linux.api.Libc;

/** The calls of libc for pipes, one to one; what {@link Libc} states holds for them too, but that those with arrays make objects. */
interface PipeLibc extends Libc {
    /** {@code F_SETPIPE_SZ} of linux/fcntl.h. */
    int F_SETPIPE_SZ = 1031;
    /** {@code F_GETPIPE_SZ} of linux/fcntl.h. */
    int F_GETPIPE_SZ = 1032;
    /** {@code SPLICE_F_MOVE} of linux/splice.h: pages are passed on, not copied, where that can be. */
    int SPLICE_F_MOVE = 1;
    /** {@code SPLICE_F_NONBLOCK} of linux/splice.h: the pipe's side does not block. */
    int SPLICE_F_NONBLOCK = 2;
    /** {@code AF_UNIX} of sys/socket.h. */
    int AF_UNIX = 1;

    /**
     * splice(2) with both offsets NULL: moves bytes between a pipe and another descriptor.
     *
     * @return bytes moved; 0 at the end of input, or for a length of 0; -1: errno
     */
    long splice(int fdIn, int fdOut, long len, int flags);

    /**
     * pipe2(2): makes a pipe.
     *
     * @param pipefd takes the read end and the write end
     * @return 0; -1: errno
     */
    int pipe2(int[] pipefd, int flags);

    /**
     * socketpair(2): makes two sockets that are connected with each other.
     *
     * @param sv takes both
     * @return 0; -1: errno
     */
    int socketpair(int domain, int type, int protocol, int[] sv);

    /**
     * read(2).
     *
     * @return bytes read, 0 at the end; -1: errno
     */
    long read(int fd, byte[] buf);

    /**
     * write(2).
     *
     * @return bytes written; -1: errno
     */
    long write(int fd, byte[] buf);
}
