// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.linux.api.SocketLibc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** {@link SocketLibc} by java.lang.foreign; what {@link Ffm} states holds for it too. */
final class SocketFfm extends DatagramFfm implements SocketLibc {
    private static final MethodHandle SOCKET =
        link("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle BIND =
        link("bind", FunctionDescriptor.of(INT, INT, POINTER, INT));
    private static final MethodHandle LISTEN =
        link("listen", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle ACCEPT4 =
        link("accept4", FunctionDescriptor.of(INT, INT, POINTER, POINTER, INT));
    private static final MethodHandle CONNECT =
        link("connect", FunctionDescriptor.of(INT, INT, POINTER, INT));
    private static final MethodHandle GETSOCKNAME =
        link("getsockname", FunctionDescriptor.of(INT, INT, POINTER, POINTER));
    private static final MethodHandle SETSOCKOPT =
        link("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT));
    private static final MethodHandle GETSOCKOPT =
        link("getsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, POINTER));
    private static final MethodHandle SHUTDOWN =
        link("shutdown", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle RECV =
        link("recv", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE, INT));
    private static final MethodHandle SEND =
        link("send", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE, INT));
    private static final MethodHandle WRITE =
        link("write", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE));
    private static final MethodHandle EVENTFD =
        link("eventfd", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle EPOLL_CREATE1 =
        link("epoll_create1", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle EPOLL_CTL =
        link("epoll_ctl", FunctionDescriptor.of(INT, INT, INT, INT, POINTER));
    private static final MethodHandle EPOLL_WAIT =
        link("epoll_wait", FunctionDescriptor.of(INT, INT, POINTER, INT, INT));

    @Override
    public int socket(int domain, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(captured, domain, type, protocol);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int bind(int sockfd, long addr, int addrlen) {
        try {
            return (int) BIND.invokeExact(captured, sockfd, addr, addrlen);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int listen(int sockfd, int backlog) {
        try {
            return (int) LISTEN.invokeExact(captured, sockfd, backlog);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int accept4(int sockfd, long addr, long addrlen, int flags) {
        try {
            return (int) ACCEPT4.invokeExact(captured, sockfd, addr, addrlen, flags);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int connect(int sockfd, long addr, int addrlen) {
        try {
            return (int) CONNECT.invokeExact(captured, sockfd, addr, addrlen);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int getsockname(int sockfd, long addr, long addrlen) {
        try {
            return (int) GETSOCKNAME.invokeExact(captured, sockfd, addr, addrlen);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int setsockopt(int sockfd, int level, int optname, long optval, int optlen) {
        try {
            return (int) SETSOCKOPT.invokeExact(captured, sockfd, level, optname, optval, optlen);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int getsockopt(int sockfd, int level, int optname, long optval, long optlen) {
        try {
            return (int) GETSOCKOPT.invokeExact(captured, sockfd, level, optname, optval, optlen);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int shutdown(int sockfd, int how) {
        try {
            return (int) SHUTDOWN.invokeExact(captured, sockfd, how);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public long recv(int sockfd, long buf, long len, int flags) {
        try {
            return (long) RECV.invokeExact(captured, sockfd, buf, len, flags);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public long send(int sockfd, long buf, long len, int flags) {
        try {
            return (long) SEND.invokeExact(captured, sockfd, buf, len, flags);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public long write(int fd, long buf, long count) {
        try {
            return (long) WRITE.invokeExact(captured, fd, buf, count);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int eventfd(int initval, int flags) {
        try {
            return (int) EVENTFD.invokeExact(captured, initval, flags);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int epollCreate1(int flags) {
        try {
            return (int) EPOLL_CREATE1.invokeExact(captured, flags);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int epollCtl(int epfd, int op, int fd, long event) {
        try {
            return (int) EPOLL_CTL.invokeExact(captured, epfd, op, fd, event);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int epollWait(int epfd, long events, int maxevents, int timeout) {
        try {
            return (int) EPOLL_WAIT.invokeExact(captured, epfd, events, maxevents, timeout);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }
}
