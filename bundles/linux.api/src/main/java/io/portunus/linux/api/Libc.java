// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.api;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What every set of calls has. Calls answer as in C: what failed is -1, and {@link #errno} then returns why until the next call; they throw
 * nothing. Nothing blocks on descriptors that are non-blocking, and no call makes an object. Used by one thread at a time.
 *
 * <p>Pointers are addresses, 0 is NULL. Nobody checks them: what lies there has to be large enough and to be kept alive by the caller until
 * the call has returned, or the process dies. {@link #address} gives them. Structures are in the byte order of the machine, and as the
 * manual page has it.
 */
@ProviderType
public interface Libc {
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
    /** {@code F_GETFL} of asm-generic/fcntl.h. */
    int F_GETFL = 3;
    /** {@code F_SETFL} of asm-generic/fcntl.h. */
    int F_SETFL = 4;
    /** {@code F_DUPFD_CLOEXEC} of linux/fcntl.h. */
    int F_DUPFD_CLOEXEC = 1030;
    /** {@code SOCK_STREAM} of sys/socket.h. */
    int SOCK_STREAM = 1;

    /**
     * fcntl(2) with an argument of int.
     *
     * @return depends on the operation; -1: errno
     */
    int fcntl(int fd, int op, int arg);

    /**
     * close(2). The descriptor is gone, whatever it answers.
     *
     * @return 0; -1: errno
     */
    int close(int fd);

    /** errno(3) of the last call that failed. */
    int errno();

    /**
     * Where the byte at the position of a direct buffer lies; that is no call of libc. It holds for as long as the buffer, or one that shares
     * its memory, can be reached. It may make an object, so it is asked once for a buffer that is used again.
     *
     * @throws IllegalArgumentException when the buffer is not direct
     */
    long address(ByteBuffer direct);
}
