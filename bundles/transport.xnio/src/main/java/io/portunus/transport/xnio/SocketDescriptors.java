// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * Channels below XNIO's sockets, and their descriptors, which its public API does not give; the way to them is looked up by name, once.
 * Where the JVM or another XNIO does not allow it, the transport works on without. Immutable.
 */
final class SocketDescriptors {
    private static final Logger LOG = LoggerFactory.getLogger(SocketDescriptors.class);
    private static final String CHANNELS = "sun.nio.ch";

    /** Of a connection, of a listener, both to their channel; and of a channel to its descriptor. */
    private final @Nullable MethodHandle connection;
    private final @Nullable MethodHandle listener;
    private final @Nullable MethodHandle descriptor;

    private SocketDescriptors(@Nullable MethodHandle connection, @Nullable MethodHandle listener, @Nullable MethodHandle descriptor) {
        this.connection = connection;
        this.listener = listener;
        this.descriptor = descriptor;
    }

    /** How a handle is found. */
    private interface Link {
        MethodHandle find() throws ReflectiveOperationException;
    }

    static SocketDescriptors of(XnioWorker worker) {
        ClassLoader xnio = worker.getClass().getClassLoader();
        return new SocketDescriptors(link(() -> linkConnection(xnio)), link(() -> linkListener(xnio)), link(SocketDescriptors::linkDescriptor));
    }

    private static @Nullable MethodHandle link(Link link) {
        try {
            return link.find();
        } catch (ReflectiveOperationException | LinkageError | RuntimeException refused) {
            boolean exported = Object.class.getModule().isExported(CHANNELS, SocketDescriptors.class.getModule());
            // A missing export is logged by whoever needs descriptors; anything else is known only here.
            LOG.atLevel(exported ? Level.WARN : Level.DEBUG).addKeyValue("event", "proxy.splice_unsupported_fallback").setCause(refused)
                .log("descriptors of sockets cannot be read; bulk is copied");
            return null;
        }
    }

    private static MethodHandle linkConnection(ClassLoader xnio) throws ReflectiveOperationException {
        Class<?> connection = Class.forName("org.xnio.nio.NioSocketStreamConnection", false, xnio);
        return MethodHandles.privateLookupIn(connection, MethodHandles.lookup())
            .findVirtual(connection, "getChannel", methodType(SocketChannel.class)).asType(methodType(NetworkChannel.class, Object.class));
    }

    private static MethodHandle linkListener(ClassLoader xnio) throws ReflectiveOperationException {
        Class<?> queued = Class.forName("org.xnio.nio.QueuedNioTcpServer2", false, xnio);
        Class<?> server = Class.forName("org.xnio.nio.NioTcpServer", false, xnio);
        MethodHandle channel = MethodHandles.privateLookupIn(server, MethodHandles.lookup())
            .findGetter(server, "channel", ServerSocketChannel.class);
        return MethodHandles.filterReturnValue(MethodHandles.privateLookupIn(queued, MethodHandles.lookup())
            .findGetter(queued, "realServer", server), channel).asType(methodType(NetworkChannel.class, Object.class));
    }

    private static MethodHandle linkDescriptor() throws ReflectiveOperationException {
        // The boot loader is asked by name: the framework has no part in it, and there is no import that could not be resolved.
        Class<?> selectable = Class.forName(CHANNELS + ".SelChImpl", false, null);
        return MethodHandles.lookup().findVirtual(selectable, "getFDVal", methodType(int.class))
            .asType(methodType(int.class, NetworkChannel.class));
    }

    /** The descriptor of an open connection, or -1. */
    int of(StreamConnection open) {
        NetworkChannel channel = channel(connection, open);
        return channel == null ? -1 : of(channel);
    }

    /** The descriptor of an open channel, or -1. */
    int of(NetworkChannel channel) {
        MethodHandle linked = descriptor;
        if (linked == null) {
            return -1;
        }
        try {
            return (int) linked.invokeExact(channel);
        } catch (Throwable lastResort) {
            // A channel of another kind: it has no descriptor that we know.
            LOG.trace("no descriptor", lastResort);
            return -1;
        }
    }

    /** The channel of a connection. */
    Optional<NetworkChannel> channel(StreamConnection open) {
        return Optional.ofNullable(channel(connection, open));
    }

    /** The channel of a listener. */
    Optional<NetworkChannel> channel(AcceptingChannel<StreamConnection> open) {
        return Optional.ofNullable(channel(listener, open));
    }

    private static @Nullable NetworkChannel channel(@Nullable MethodHandle linked, Object open) {
        if (linked == null) {
            return null;
        }
        try {
            return (NetworkChannel) linked.invokeExact(open);
        } catch (Throwable lastResort) {
            // A connection of another kind.
            LOG.trace("no channel", lastResort);
            return null;
        }
    }
}
