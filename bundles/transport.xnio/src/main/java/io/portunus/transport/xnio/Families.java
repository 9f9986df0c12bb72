// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static java.lang.invoke.MethodType.methodType;

import io.portunus.transport.xnio.InThreadServers.Binding;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/**
 * Sockets of one family. The JDK opens sockets of both where the system has both, and has an option for IPv4 alone; that an IPv6 socket takes
 * no IPv4 (IPV6_V6ONLY, ipv6(7)) is set by a method of its own that is looked up by name, once. Thread-safe.
 */
final class Families {
    private static final Logger LOG = LoggerFactory.getLogger(Families.class);
    /** IPPROTO_IPV6 and IPV6_V6ONLY of netinet/in.h, as Linux has them. */
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    /** Of a channel to its descriptor, and what sets an option of it. */
    private static final Optional<Setter> SETTER = setter();

    private Families() {
    }

    /**
     * How an option is set that the JDK does not know.
     *
     * @param descriptor of a channel
     * @param option descriptor, false, level, option, value, true
     */
    private record Setter(MethodHandle descriptor, MethodHandle option) {
    }

    private static Optional<Setter> setter() {
        try {
            Class<?> net = Class.forName("sun.nio.ch.Net", false, null);
            Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl", false, null);
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(net, MethodHandles.lookup());
            return Optional.of(new Setter(
                lookup.findVirtual(selectable, "getFD", methodType(FileDescriptor.class)).asType(methodType(FileDescriptor.class, Channel.class)),
                lookup.findStatic(net, "setIntOption0",
                    methodType(void.class, FileDescriptor.class, boolean.class, int.class, int.class, int.class, boolean.class))));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException closed) {
            LOG.atDebug().setCause(closed).log("sockets cannot be kept to IPv6");
            return Optional.empty();
        }
    }

    /** A listening socket for an address. */
    static ServerSocketChannel server(Binding binding) throws IOException {
        return switch (family(binding.address().getAddress(), binding.ownFamilyOnly())) {
            case BOTH -> ServerSocketChannel.open();
            case IPV4 -> ServerSocketChannel.open(StandardProtocolFamily.INET);
            case IPV6 -> ipv6Only(open(() -> ServerSocketChannel.open(StandardProtocolFamily.INET6)));
        };
    }

    /** Another socket for the same address. */
    static SocketChannel socket(Binding binding) throws IOException {
        return switch (family(binding.address().getAddress(), binding.ownFamilyOnly())) {
            case BOTH -> SocketChannel.open();
            case IPV4 -> SocketChannel.open(StandardProtocolFamily.INET);
            case IPV6 -> ipv6Only(open(() -> SocketChannel.open(StandardProtocolFamily.INET6)));
        };
    }

    /** A datagram socket for an address. */
    static DatagramChannel datagrams(InetAddress address, boolean ownFamilyOnly) throws IOException {
        return switch (family(address, ownFamilyOnly)) {
            case BOTH -> address.isAnyLocalAddress() ? DatagramChannel.open() : datagrams(address);
            case IPV4 -> DatagramChannel.open(StandardProtocolFamily.INET);
            case IPV6 -> ipv6Only(open(() -> DatagramChannel.open(StandardProtocolFamily.INET6)));
        };
    }

    /** One of the family of an address. */
    static DatagramChannel datagrams(InetAddress of) throws IOException {
        return open(() -> DatagramChannel.open(of instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET));
    }

    private enum Family {
        BOTH, IPV4, IPV6
    }

    private static Family family(InetAddress address, boolean ownFamilyOnly) {
        if (!ownFamilyOnly || !address.isAnyLocalAddress()) {
            return Family.BOTH;
        }
        return address instanceof Inet6Address ? Family.IPV6 : Family.IPV4;
    }

    /** Opens a channel. */
    private interface Opening<C> {
        C open() throws IOException;
    }

    private static <C> C open(Opening<C> opening) throws IOException {
        try {
            return opening.open();
        } catch (UnsupportedOperationException without) {
            throw new SocketException("Protocol family unavailable: the system, or this JVM, has no IPv6", without);
        }
    }

    private static <C extends Channel> C ipv6Only(C channel) throws IOException {
        try {
            Setter setter = SETTER.orElseThrow(() -> new SocketException("this JVM does not let a socket take IPv6 alone; start it by java -jar,"
                + " or with --add-exports and --add-opens java.base/sun.nio.ch=ALL-UNNAMED"));
            FileDescriptor descriptor = (FileDescriptor) setter.descriptor().invokeExact((Channel) channel);
            setter.option().invokeExact(descriptor, false, IPPROTO_IPV6, IPV6_V6ONLY, 1, true);
            return channel;
        } catch (IOException | RuntimeException | Error refused) {
            IoUtils.safeClose(channel);
            throw refused;
        } catch (Throwable lastResort) {
            IoUtils.safeClose(channel);
            throw new IOException("the socket cannot be kept to IPv6", lastResort);
        }
    }
}
