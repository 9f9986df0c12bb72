// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static java.lang.invoke.MethodType.methodType;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/**
 * Ends the listening of a socket that the JDK does not close yet: it keeps one open until every selector has let go of it, which that of a loop which
 * does not turn never does, and clients would go on coming. By dup2(2) of a descriptor of nothing, as the JDK does itself to a channel that blocks;
 * looked up by name, once. A descriptor of the same socket that somebody else has, since he takes it over, is not touched. Where it cannot be had,
 * the port stays taken until the loop turns. Thread-safe.
 */
final class ListeningEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningEnd.class);
    private static final Optional<Calls> CALLS = calls();

    private ListeningEnd() {
    }

    /**
     * What it is done with.
     *
     * @param descriptor of a channel
     * @param preClose of a descriptor, which is of nothing then
     */
    private record Calls(MethodHandle descriptor, MethodHandle preClose) {
    }

    private static Optional<Calls> calls() {
        try {
            Class<?> dispatcher = Class.forName("sun.nio.ch.UnixDispatcher", false, null);
            Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl", false, null);
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(dispatcher, MethodHandles.lookup());
            return Optional.of(new Calls(
                lookup.findVirtual(selectable, "getFD", methodType(FileDescriptor.class)).asType(methodType(FileDescriptor.class, Channel.class)),
                lookup.findStatic(dispatcher, "preClose0", methodType(void.class, FileDescriptor.class))));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException closed) {
            LOG.atDebug().setCause(closed).log("sockets of loops that do not turn cannot be kept from listening");
            return Optional.empty();
        }
    }

    /** Ends the listening now, and closes as soon as that goes. Nobody else closes it meanwhile: its descriptor could be another's then. */
    static void of(NetworkChannel listening) {
        CALLS.filter(calls -> listening.isOpen()).ifPresent(calls -> shut(calls, listening));
        IoUtils.safeClose(listening);
    }

    private static void shut(Calls calls, Channel listening) {
        try {
            FileDescriptor descriptor = (FileDescriptor) calls.descriptor().invokeExact(listening);
            calls.preClose().invokeExact(descriptor);
        } catch (Throwable lastResort) {
            LOG.atDebug().setCause(lastResort).log("a socket could not be kept from listening");
        }
    }
}
