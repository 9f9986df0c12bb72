// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The calls of libc for sockets and epoll, one to one, those for datagrams among them; what {@link Libc} states holds for them too. Flags and
 * numbers are those of the architectures that share asm-generic, x86-64 and AArch64 among them.
 */
@ProviderType
public interface SocketLibc extends DatagramLibc {
    /** {@code EACCES} of asm-generic/errno-base.h. */
    int EACCES = 13;
    /** {@code ENFILE} of asm-generic/errno-base.h. */
    int ENFILE = 23;
    /** {@code EMFILE} of asm-generic/errno-base.h. */
    int EMFILE = 24;
    /** {@code EPIPE} of asm-generic/errno-base.h. */
    int EPIPE = 32;
    /** {@code EPROTO} of asm-generic/errno.h. */
    int EPROTO = 71;
    /** {@code EAFNOSUPPORT} of asm-generic/errno.h. */
    int EAFNOSUPPORT = 97;
    /** {@code EADDRINUSE} of asm-generic/errno.h. */
    int EADDRINUSE = 98;
    /** {@code EADDRNOTAVAIL} of asm-generic/errno.h. */
    int EADDRNOTAVAIL = 99;
    /** {@code ENETDOWN} of asm-generic/errno.h. */
    int ENETDOWN = 100;
    /** {@code ENETUNREACH} of asm-generic/errno.h. */
    int ENETUNREACH = 101;
    /** {@code ECONNABORTED} of asm-generic/errno.h. */
    int ECONNABORTED = 103;
    /** {@code ECONNRESET} of asm-generic/errno.h. */
    int ECONNRESET = 104;
    /** {@code ENOBUFS} of asm-generic/errno.h. */
    int ENOBUFS = 105;
    /** {@code ETIMEDOUT} of asm-generic/errno.h. */
    int ETIMEDOUT = 110;
    /** {@code ECONNREFUSED} of asm-generic/errno.h. */
    int ECONNREFUSED = 111;
    /** {@code EHOSTUNREACH} of asm-generic/errno.h. */
    int EHOSTUNREACH = 113;
    /** {@code EINPROGRESS} of asm-generic/errno.h. */
    int EINPROGRESS = 115;

    /** {@code AF_INET} of sys/socket.h. */
    int AF_INET = 2;
    /** {@code AF_INET6} of sys/socket.h. */
    int AF_INET6 = 10;
    /** {@code IPPROTO_IP} of netinet/in.h. */
    int IPPROTO_IP = 0;
    /** {@code IPPROTO_TCP} of netinet/in.h. */
    int IPPROTO_TCP = 6;
    /** {@code IPPROTO_IPV6} of netinet/in.h. */
    int IPPROTO_IPV6 = 41;
    /** {@code SOL_SOCKET} of asm-generic/socket.h. */
    int SOL_SOCKET = 1;
    /** {@code SO_REUSEADDR} of asm-generic/socket.h. */
    int SO_REUSEADDR = 2;
    /** {@code SO_ERROR} of asm-generic/socket.h. */
    int SO_ERROR = 4;
    /** {@code SO_SNDBUF} of asm-generic/socket.h. */
    int SO_SNDBUF = 7;
    /** {@code SO_RCVBUF} of asm-generic/socket.h. */
    int SO_RCVBUF = 8;
    /** {@code SO_KEEPALIVE} of asm-generic/socket.h. */
    int SO_KEEPALIVE = 9;
    /** {@code SO_LINGER} of asm-generic/socket.h. */
    int SO_LINGER = 13;
    /** {@code SO_REUSEPORT} of asm-generic/socket.h. */
    int SO_REUSEPORT = 15;
    /** {@code IP_BIND_ADDRESS_NO_PORT} of linux/in.h, ip(7). */
    int IP_BIND_ADDRESS_NO_PORT = 24;
    /** {@code IPV6_V6ONLY} of linux/in6.h. */
    int IPV6_V6ONLY = 26;
    /** {@code TCP_NODELAY} of linux/tcp.h. */
    int TCP_NODELAY = 1;
    /** {@code TCP_KEEPIDLE} of linux/tcp.h, seconds. */
    int TCP_KEEPIDLE = 4;
    /** {@code TCP_KEEPINTVL} of linux/tcp.h, seconds. */
    int TCP_KEEPINTVL = 5;
    /** {@code TCP_KEEPCNT} of linux/tcp.h. */
    int TCP_KEEPCNT = 6;
    /** {@code TCP_USER_TIMEOUT} of linux/tcp.h, milliseconds. */
    int TCP_USER_TIMEOUT = 18;
    /** {@code SHUT_WR} of sys/socket.h. */
    int SHUT_WR = 1;
    /** {@code MSG_NOSIGNAL} of sys/socket.h: no SIGPIPE. */
    int MSG_NOSIGNAL = 0x4000;

    /** {@code EPOLL_CTL_ADD} of sys/epoll.h. */
    int EPOLL_CTL_ADD = 1;
    /** {@code EPOLL_CTL_DEL} of sys/epoll.h. */
    int EPOLL_CTL_DEL = 2;
    /** {@code EPOLL_CTL_MOD} of sys/epoll.h. */
    int EPOLL_CTL_MOD = 3;
    /** {@code EPOLLIN} of sys/epoll.h. */
    int EPOLLIN = 0x001;
    /** {@code EPOLLPRI} of sys/epoll.h: urgent data, at which recv(2) stops short. */
    int EPOLLPRI = 0x002;
    /** {@code EPOLLOUT} of sys/epoll.h. */
    int EPOLLOUT = 0x004;
    /** {@code EPOLLERR} of sys/epoll.h; always reported. */
    int EPOLLERR = 0x008;
    /** {@code EPOLLHUP} of sys/epoll.h; always reported. */
    int EPOLLHUP = 0x010;
    /** {@code EPOLLRDHUP} of sys/epoll.h: the peer has sent FIN. */
    int EPOLLRDHUP = 0x2000;
    /** {@code EPOLLEXCLUSIVE} of sys/epoll.h: one waiter is woken, not all. */
    int EPOLLEXCLUSIVE = 1 << 28;
    /** {@code EPOLLET} of sys/epoll.h: reported when it becomes ready, not while it is. */
    int EPOLLET = 1 << 31;

    /**
     * socket(2).
     *
     * @return descriptor; -1: errno
     */
    int socket(int domain, int type, int protocol);

    /**
     * bind(2).
     *
     * @return 0; -1: errno
     */
    int bind(int sockfd, long addr, int addrlen);

    /**
     * listen(2).
     *
     * @return 0; -1: errno
     */
    int listen(int sockfd, int backlog);

    /**
     * accept4(2).
     *
     * @return descriptor; -1: errno
     */
    int accept4(int sockfd, long addr, long addrlen, int flags);

    /**
     * connect(2).
     *
     * @return 0; -1: errno
     */
    int connect(int sockfd, long addr, int addrlen);

    /**
     * getsockname(2).
     *
     * @return 0; -1: errno
     */
    int getsockname(int sockfd, long addr, long addrlen);

    /**
     * setsockopt(2).
     *
     * @return 0; -1: errno
     */
    int setsockopt(int sockfd, int level, int optname, long optval, int optlen);

    /**
     * getsockopt(2).
     *
     * @return 0; -1: errno
     */
    int getsockopt(int sockfd, int level, int optname, long optval, long optlen);

    /**
     * shutdown(2).
     *
     * @return 0; -1: errno
     */
    int shutdown(int sockfd, int how);

    /**
     * recv(2).
     *
     * @return bytes received, 0 at the end; -1: errno
     */
    long recv(int sockfd, long buf, long len, int flags);

    /**
     * send(2).
     *
     * @return bytes sent; -1: errno
     */
    long send(int sockfd, long buf, long len, int flags);

    /**
     * write(2).
     *
     * @return bytes written; -1: errno
     */
    long write(int fd, long buf, long count);

    /**
     * eventfd(2).
     *
     * @return descriptor; -1: errno
     */
    int eventfd(int initval, int flags);

    /**
     * epoll_create1(2).
     *
     * @return descriptor; -1: errno
     */
    int epollCreate1(int flags);

    /**
     * epoll_ctl(2).
     *
     * @return 0; -1: errno
     */
    int epollCtl(int epfd, int op, int fd, long event);

    /**
     * epoll_wait(2); blocks.
     *
     * @param timeout milliseconds; -1 for ever
     * @return events; -1: errno
     */
    int epollWait(int epfd, long events, int maxevents, int timeout);
}
