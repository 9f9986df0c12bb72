// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;

/** Says an errno of a socket as the JDK's channels say it: surfaces and handlers read class and text. */
final class SocketErrors {
    private SocketErrors() {
    }

    static IOException of(int errno) {
        return switch (errno) {
            case SocketLibc.ECONNREFUSED -> new ConnectException("Connection refused");
            case SocketLibc.ETIMEDOUT -> new ConnectException("Connection timed out");
            case SocketLibc.EHOSTUNREACH -> new NoRouteToHostException("No route to host");
            case SocketLibc.EADDRINUSE -> new BindException("Address already in use");
            case SocketLibc.EADDRNOTAVAIL -> new BindException("Cannot assign requested address");
            case SocketLibc.EACCES -> new BindException("Permission denied");
            case SocketLibc.EPROTO -> new ProtocolException("Protocol error");
            default -> new SocketException(text(errno));
        };
    }

    private static String text(int errno) {
        return switch (errno) {
            case Libc.EPERM -> "Operation not permitted";
            case Libc.EAGAIN -> "Resource temporarily unavailable";
            case Libc.ENOMEM -> "Cannot allocate memory";
            case Libc.EINVAL -> "Invalid argument";
            case SocketLibc.ENFILE -> "Too many open files in system";
            case SocketLibc.EMFILE -> "Too many open files";
            case SocketLibc.EAFNOSUPPORT -> "Address family not supported by protocol";
            case SocketLibc.ENETDOWN -> "Network is down";
            case SocketLibc.ENETUNREACH -> "Network is unreachable";
            case SocketLibc.ECONNRESET -> "Connection reset by peer";
            case SocketLibc.ENOBUFS -> "No buffer space available";
            default -> "errno " + errno;
        };
    }
}
