// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;

/**
 * Descriptors of XNIO's sockets, which its public API does not give; the way to them is looked up by name, once. Where the JVM or another
 * XNIO does not allow it, the transport works on without. Immutable.
 */
final class SocketDescriptors {
    private static final Logger LOG = LoggerFactory.getLogger(SocketDescriptors.class);
    private static final String CHANNELS = "sun.nio.ch";

    private final @Nullable MethodHandle descriptor;

    private SocketDescriptors(@Nullable MethodHandle descriptor) {
        this.descriptor = descriptor;
    }

    static SocketDescriptors of(XnioWorker worker) {
        try {
            return new SocketDescriptors(linkDescriptor(
                Class.forName("org.xnio.nio.NioSocketStreamConnection", false, worker.getClass().getClassLoader())));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException refused) {
            boolean exported = Object.class.getModule().isExported(CHANNELS, SocketDescriptors.class.getModule());
            // A missing export is told by whoever wants descriptors; anything else is known only here.
            LOG.atLevel(exported ? Level.WARN : Level.DEBUG).addKeyValue("event", "proxy.splice_unsupported_fallback").setCause(refused)
                .log("descriptors of sockets cannot be read; bulk is copied");
            return new SocketDescriptors(null);
        }
    }

    private static MethodHandle linkDescriptor(Class<?> connection) throws ReflectiveOperationException {
        MethodHandle channel = MethodHandles.privateLookupIn(connection, MethodHandles.lookup())
            .findVirtual(connection, "getChannel", methodType(SocketChannel.class));
        // The boot loader is asked by name: the framework has no part in it, and there is no import that could not be resolved.
        Class<?> selectable = Class.forName(CHANNELS + ".SelChImpl", false, null);
        MethodHandle value = MethodHandles.lookup().findVirtual(selectable, "getFDVal", methodType(int.class));
        return MethodHandles.filterReturnValue(channel.asType(methodType(SocketChannel.class, StreamConnection.class)),
            value.asType(methodType(int.class, SocketChannel.class)));
    }

    /** The descriptor of an open connection, or -1. */
    int of(StreamConnection connection) {
        MethodHandle linked = descriptor;
        if (linked == null) {
            return -1;
        }
        try {
            return (int) linked.invokeExact(connection);
        } catch (Throwable lastResort) {
            // A connection of another kind: it has no descriptor that we know.
            LOG.trace("no descriptor", lastResort);
            return -1;
        }
    }
}
