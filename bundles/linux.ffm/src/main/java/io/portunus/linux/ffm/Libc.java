// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

/**
 * Calls of libc, one to one. They answer as in C: what failed is -1, and {@link #errno} then says why until the next call. Nothing blocks
 * on descriptors that are non-blocking. One instance is used by one thread at a time.
 */
interface Libc {
    /** errno(3): {@code EPERM} of asm-generic/errno-base.h. */
    int EPERM = 1;
    /** {@code EINTR} of asm-generic/errno-base.h. */
    int EINTR = 4;
    /** {@code EAGAIN} of asm-generic/errno-base.h. */
    int EAGAIN = 11;
    /** {@code ENOMEM} of asm-generic/errno-base.h. */
    int ENOMEM = 12;
    /** {@code EINVAL} of asm-generic/errno-base.h. */
    int EINVAL = 22;
    /** {@code ENOSYS} of asm-generic/errno.h. */
    int ENOSYS = 38;
    /** {@code EOPNOTSUPP} of asm-generic/errno.h. */
    int EOPNOTSUPP = 95;

    /** {@code O_NONBLOCK} of asm-generic/fcntl.h; {@code SOCK_NONBLOCK} is the same. */
    int O_NONBLOCK = 0x800;
    /** {@code O_CLOEXEC} of asm-generic/fcntl.h; {@code SOCK_CLOEXEC} is the same. */
    int O_CLOEXEC = 0x80000;
    /** {@code F_SETPIPE_SZ} of linux/fcntl.h. */
    int F_SETPIPE_SZ = 1031;
    /** {@code F_GETPIPE_SZ} of linux/fcntl.h. */
    int F_GETPIPE_SZ = 1032;
    /** {@code SPLICE_F_MOVE} of linux/splice.h: pages are passed on, not copied, where that can be. */
    int SPLICE_F_MOVE = 1;
    /** {@code SPLICE_F_NONBLOCK} of linux/splice.h: the pipe's side does not block. */
    int SPLICE_F_NONBLOCK = 2;
    /** {@code F_GETFL} of asm-generic/fcntl.h. */
    int F_GETFL = 3;
    /** {@code F_SETFL} of asm-generic/fcntl.h. */
    int F_SETFL = 4;
    /** {@code F_DUPFD_CLOEXEC} of linux/fcntl.h. */
    int F_DUPFD_CLOEXEC = 1030;
    /** {@code AF_UNIX} of sys/socket.h. */
    int AF_UNIX = 1;
    /** {@code SOCK_STREAM} of sys/socket.h. */
    int SOCK_STREAM = 1;

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
     * fcntl(2) with an argument of int.
     *
     * @return depends on the operation, the size of the pipe for the two above; -1: errno
     */
    int fcntl(int fd, int op, int arg);

    /**
     * close(2). The descriptor is gone, whatever it answers.
     *
     * @return 0; -1: errno
     */
    int close(int fd);

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

    /** errno(3) of the last call that failed. */
    int errno();
}
