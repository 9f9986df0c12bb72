// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static java.lang.invoke.MethodType.methodType;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioWorker;
import org.xnio.channels.MulticastMessageChannel;

/**
 * Has the thread of a worker wait for datagram channels of ours. XNIO can do so with channels that it opens itself, which connect to nobody and
 * share no address; the way to do it with others is looked up by name, once. Thread-safe.
 */
final class DatagramWatches {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramWatches.class);
    private static final MethodType MAKING = methodType(MulticastMessageChannel.class, XnioWorker.class, DatagramChannel.class);

    private final MethodHandle constructor;

    private DatagramWatches(MethodHandle constructor) {
        this.constructor = constructor;
    }

    /** Looks for the way to it; empty where this XNIO has none. */
    static Optional<DatagramWatches> find(ClassLoader xnio) {
        try {
            Class<?> channel = Class.forName("org.xnio.nio.NioUdpChannel", false, xnio);
            MethodType parameters = methodType(void.class, Class.forName("org.xnio.nio.NioXnioWorker", false, xnio), DatagramChannel.class);
            return Optional.of(new DatagramWatches(MethodHandles.privateLookupIn(channel, MethodHandles.lookup())
                .findConstructor(channel, parameters).asType(MAKING)));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException otherXnio) {
            LOG.atDebug().setCause(otherXnio).log("there are no datagrams on XNIO");
            return Optional.empty();
        }
    }

    /** Watches a channel on the one thread of a worker; closed with what it returns. */
    MulticastMessageChannel watch(XnioWorker worker, DatagramChannel channel) throws IOException {
        try {
            return (MulticastMessageChannel) constructor.invokeExact(worker, channel);
        } catch (IOException | RuntimeException refused) {
            throw refused;
        } catch (Throwable lastResort) {
            throw new IOException("XNIO cannot watch a datagram socket", lastResort);
        }
    }
}
