// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;

/** A call for a socket failed; the errno states why, and the message has its name. */
final class SystemException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    SystemException(int errno) {
        super(text(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    /** What it means to whoever wanted to listen. */
    ListenFailure listening() {
        return new ListenFailure(switch (errno) {
            case SocketLibc.EADDRINUSE -> ListenFailure.Cause.IN_USE;
            case SocketLibc.EADDRNOTAVAIL -> ListenFailure.Cause.NOT_HERE;
            case SocketLibc.EACCES -> ListenFailure.Cause.NOT_PERMITTED;
            case SocketLibc.EMFILE, SocketLibc.ENFILE -> ListenFailure.Cause.NO_DESCRIPTOR;
            default -> ListenFailure.Cause.OTHER;
        }, text(errno));
    }

    /**
     * What the errno of a connection means to whoever wanted it.
     *
     * @param binding whether bind(2) has failed, to an address and any port; else connect(2), or what stands before and behind it
     */
    static ConnectFailure connecting(int errno, boolean binding) {
        return new ConnectFailure(switch (errno) {
            case SocketLibc.ECONNREFUSED -> ConnectFailure.Cause.REFUSED;
            case SocketLibc.ETIMEDOUT -> ConnectFailure.Cause.TIMED_OUT;
            case SocketLibc.ENETUNREACH, SocketLibc.EHOSTUNREACH, SocketLibc.ENETDOWN, SocketLibc.EAFNOSUPPORT -> ConnectFailure.Cause.UNREACHABLE;
            case SocketLibc.EADDRINUSE -> ConnectFailure.Cause.NO_PORT;
            case SocketLibc.EADDRNOTAVAIL -> binding ? ConnectFailure.Cause.NOT_OURS : ConnectFailure.Cause.NO_PORT;
            case SocketLibc.EMFILE, SocketLibc.ENFILE -> ConnectFailure.Cause.NO_DESCRIPTOR;
            case SocketLibc.EACCES -> ConnectFailure.Cause.NOT_PERMITTED;
            default -> ConnectFailure.Cause.OTHER;
        }, text(errno));
    }

    private static String text(int errno) {
        return switch (errno) {
            case Libc.EPERM -> "EPERM, operation not permitted";
            case Libc.EAGAIN -> "EAGAIN, resource temporarily unavailable";
            case Libc.ENOMEM -> "ENOMEM, cannot allocate memory";
            case Libc.EINVAL -> "EINVAL, invalid argument";
            case SocketLibc.EACCES -> "EACCES, permission denied";
            case SocketLibc.ENFILE -> "ENFILE, too many open files in system";
            case SocketLibc.EMFILE -> "EMFILE, too many open files";
            case SocketLibc.EPROTO -> "EPROTO, protocol error";
            case SocketLibc.EAFNOSUPPORT -> "EAFNOSUPPORT, address family not supported by protocol";
            case SocketLibc.EADDRINUSE -> "EADDRINUSE, address already in use";
            case SocketLibc.EADDRNOTAVAIL -> "EADDRNOTAVAIL, cannot assign requested address";
            case SocketLibc.ENETDOWN -> "ENETDOWN, network is down";
            case SocketLibc.ENETUNREACH -> "ENETUNREACH, network is unreachable";
            case SocketLibc.ECONNRESET -> "ECONNRESET, connection reset by peer";
            case SocketLibc.ENOBUFS -> "ENOBUFS, no buffer space available";
            case SocketLibc.ETIMEDOUT -> "ETIMEDOUT, connection timed out";
            case SocketLibc.ECONNREFUSED -> "ECONNREFUSED, connection refused";
            case SocketLibc.EHOSTUNREACH -> "EHOSTUNREACH, no route to host";
            default -> "errno " + errno;
        };
    }
}
