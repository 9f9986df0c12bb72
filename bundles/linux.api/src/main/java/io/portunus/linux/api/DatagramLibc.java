// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The calls of libc for datagrams in batches, one to one; what {@link Libc} states holds for them too. Flags and numbers are those of the
 * architectures that share asm-generic, and structures are those of 64 bits, x86-64 and AArch64 among them.
 *
 * <pre>
 * mmsghdr            (64)  | name 8 | namelen 4 | 4 | iov 8 | iovlen 8 | control 8 | controllen 8 | flags 4 | 4 | len 4 | 4 |   recvmmsg(2)
 * iovec              (16)  | base 8 | len 8 |                                                                                   recvmsg(2)
 * cmsghdr            (16…) | len 8, with the header | level 4 | type 4 | data, filled up to 8 |                                  cmsg(3)
 * in_pktinfo         (12)  | ifindex 4 | spec_dst 4 | addr 4 |                                                                   ip(7)
 * in6_pktinfo        (20)  | addr 16 | ifindex 4 |                                                                               ipv6(7)
 * sock_extended_err  (16)  | errno 4 | origin 1 | type 1 | code 1 | 1 | info 4 | data 4 |                                        ip(7)
 * </pre>
 */
@ProviderType
public interface DatagramLibc extends Libc {
    /** {@code EIO} of asm-generic/errno-base.h: the device cannot cut a train. */
    int EIO = 5;
    /** {@code ENONET} of asm-generic/errno.h. */
    int ENONET = 64;
    /** {@code EMSGSIZE} of asm-generic/errno.h. */
    int EMSGSIZE = 90;
    /** {@code EHOSTDOWN} of asm-generic/errno.h. */
    int EHOSTDOWN = 112;

    /** {@code SOCK_DGRAM} of sys/socket.h. */
    int SOCK_DGRAM = 2;
    /** {@code MSG_TRUNC} of sys/socket.h: the datagram was longer than its memory. */
    int MSG_TRUNC = 0x20;
    /** {@code MSG_ERRQUEUE} of sys/socket.h: an error is received instead of a datagram, with the datagram that it is of. */
    int MSG_ERRQUEUE = 0x2000;
    /** {@code SOL_UDP} of linux/socket.h. */
    int SOL_UDP = 17;
    /** {@code UDP_SEGMENT} of linux/udp.h, udp(7): bytes of each datagram that one entry is cut into, two bytes. */
    int UDP_SEGMENT = 103;
    /** {@code UDP_GRO} of linux/udp.h, udp(7): bytes of each datagram of one entry, an int. */
    int UDP_GRO = 104;
    /** {@code UDP_MAX_SEGMENTS} of linux/udp.h, before Linux 6.9; 128 since. */
    int UDP_MAX_SEGMENTS = 64;
    /** {@code IP_TOS} of linux/in.h. */
    int IP_TOS = 1;
    /** {@code IP_PKTINFO} of linux/in.h. */
    int IP_PKTINFO = 8;
    /** {@code IP_RECVERR} of linux/in.h. */
    int IP_RECVERR = 11;
    /** {@code IP_RECVTOS} of linux/in.h. */
    int IP_RECVTOS = 13;
    /** {@code IPV6_RECVERR} of linux/in6.h. */
    int IPV6_RECVERR = 25;
    /** {@code IPV6_RECVPKTINFO} of linux/in6.h. */
    int IPV6_RECVPKTINFO = 49;
    /** {@code IPV6_PKTINFO} of linux/in6.h. */
    int IPV6_PKTINFO = 50;
    /** {@code IPV6_RECVTCLASS} of linux/in6.h. */
    int IPV6_RECVTCLASS = 66;
    /** {@code IPV6_TCLASS} of linux/in6.h. */
    int IPV6_TCLASS = 67;

    /**
     * recvmmsg(2).
     *
     * @return entries of {@code msgvec} that were filled; -1: errno
     */
    int recvmmsg(int sockfd, long msgvec, int vlen, int flags, long timeout);

    /**
     * sendmmsg(2).
     *
     * @return entries of {@code msgvec} that were sent, whatever the next one has failed with; -1: errno of the first
     */
    int sendmmsg(int sockfd, long msgvec, int vlen, int flags);
}
