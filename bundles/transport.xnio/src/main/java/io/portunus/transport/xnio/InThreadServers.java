// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static java.lang.invoke.MethodType.methodType;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * Listening sockets that are accepted from on I/O threads: one a worker of one thread, between which the kernel spreads connections
 * (SO_REUSEPORT, socket(7)). XNIO can do so, but its public API always accepts on a thread of its own and hands over, which costs a fifth
 * of the connections per second; the way to it is looked up by name, once. Thread-safe.
 */
final class InThreadServers {
    private static final Logger LOG = LoggerFactory.getLogger(InThreadServers.class);
    private static final String SERVER = "org.xnio.nio.NioTcpServer";
    private static final String WORKER = "org.xnio.nio.NioXnioWorker";
    /** Of a worker, a channel, options, and whether the worker's accept thread is used. */
    private static final MethodType MAKING =
        methodType(AcceptingChannel.class, XnioWorker.class, ServerSocketChannel.class, OptionMap.class, boolean.class);

    private final MethodHandle constructor;

    private InThreadServers(MethodHandle constructor) {
        this.constructor = constructor;
    }

    /** Looks for the way to it; empty where the system does not spread connections, or this XNIO has none. */
    static Optional<InThreadServers> find(ClassLoader xnio) {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return Optional.empty();
        }
        try {
            Class<?> server = Class.forName(SERVER, false, xnio);
            MethodType parameters = methodType(void.class, Class.forName(WORKER, false, xnio), ServerSocketChannel.class, OptionMap.class,
                boolean.class);
            return Optional.of(new InThreadServers(MethodHandles.privateLookupIn(server, MethodHandles.lookup())
                .findConstructor(server, parameters).asType(MAKING)));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException otherXnio) {
            LOG.atDebug().setCause(otherXnio).log("XNIO accepts on a thread of its own");
            return Optional.empty();
        }
    }

    /**
     * Opens a socket for each worker, all on one address; none accepts yet.
     *
     * @throws IOException what bind(2) refuses, a port that somebody listens on among it
     */
    List<XnioServer> open(List<XnioWorker> workers, Binding binding) throws IOException {
        List<XnioServer> opened = new ArrayList<>(workers.size());
        // A socket without SO_REUSEPORT is refused a port that somebody else listens on, by the same user too; it keeps it for the others.
        try (SocketChannel first = Families.socket(binding)) {
            first.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(binding.address());
            int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
            for (XnioWorker worker : workers) {
                opened.add(open(worker, binding, port));
            }
            return List.copyOf(opened);
        } catch (IOException | RuntimeException refused) {
            opened.forEach(server -> server.close(ConcurrentHashMap.newKeySet(), () -> { }));
            throw refused;
        }
    }

    /**
     * Where and how sockets listen.
     *
     * @param address where; port 0 is one port for all of them
     * @param ownFamilyOnly whether the wildcard address takes its own family only
     * @param backlog connections that each may hold
     * @param options of XNIO
     * @param onAccept called on a worker's thread
     */
    record Binding(InetSocketAddress address, boolean ownFamilyOnly, int backlog, OptionMap options,
            ChannelListener<AcceptingChannel<StreamConnection>> onAccept) {
    }

    private XnioServer open(XnioWorker worker, Binding binding, int port) throws IOException {
        ServerSocketChannel channel = Families.server(binding);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).setOption(StandardSocketOptions.SO_REUSEPORT, true)
                .bind(new InetSocketAddress(binding.address().getAddress(), port), binding.backlog());
            return on(worker, channel, binding);
        } catch (IOException | RuntimeException refused) {
            IoUtils.safeClose(channel);
            throw refused;
        }
    }

    /**
     * Lets another loop accept from a socket, too.
     *
     * @param thread of one of the workers
     */
    XnioServer standIn(XnioServer home, XnioIoThread thread, Binding binding) throws IOException {
        return on(thread.getWorker(), (ServerSocketChannel) home.channel().orElseThrow(), binding);
    }

    private XnioServer on(XnioWorker worker, ServerSocketChannel channel, Binding binding) throws IOException {
        AcceptingChannel<StreamConnection> server = make(worker, channel, binding.options());
        server.getAcceptSetter().set(accepting -> binding.onAccept().handleEvent(server));
        return new XnioServer(server, Optional.of(channel), Optional.of(worker.getIoThread(0)));
    }

    @SuppressWarnings("unchecked")
    private AcceptingChannel<StreamConnection> make(XnioWorker worker, ServerSocketChannel channel, OptionMap options) throws IOException {
        try {
            return (AcceptingChannel<StreamConnection>) (AcceptingChannel<?>) constructor.invokeExact(worker, channel, options, false);
        } catch (IOException | RuntimeException refused) {
            throw refused;
        } catch (Throwable lastResort) {
            throw new IOException("XNIO cannot listen", lastResort);
        }
    }
}
