// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A target on the loopback address, one virtual thread a connection. Thread-safe. */
public final class Backend implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ServerSocket server;
    private final Thread acceptor;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /** What a backend does with a connection; the socket is closed when it returns. */
    @FunctionalInterface
    public interface Conversation {
        /** Talks to one client. */
        void with(Socket socket) throws IOException;
    }

    private Backend(ServerSocket server, Conversation conversation) {
        this.server = server;
        acceptor = Thread.ofVirtual().name("backend-" + server.getLocalPort()).unstarted(() -> acceptAll(conversation));
    }

    /** Starts on a port of the system's choice. */
    public static Backend start(Conversation conversation) {
        try {
            return serve(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), conversation);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts on a socket that is listening. */
    public static Backend serve(ServerSocket server, Conversation conversation) {
        Backend backend = new Backend(server, conversation);
        backend.acceptor.start();
        return backend;
    }

    /** Sends everything back. */
    public static Backend echo() {
        return start(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    /** Sends its name in a line, then sends everything back. */
    public static Backend naming(String name) {
        return start(naming(name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The same on a socket that is listening. */
    public static Backend naming(ServerSocket server, String name) {
        return serve(server, naming(name.getBytes(StandardCharsets.US_ASCII)));
    }

    static Conversation naming(byte[] name) {
        return socket -> {
            OutputStream out = socket.getOutputStream();
            out.write(name);
            out.write('\n');
            socket.getInputStream().transferTo(out);
        };
    }

    private void acceptAll(Conversation conversation) {
        try {
            while (true) {
                Socket socket = server.accept();
                // Nagle's wait for the peer's delayed ACK would be taken for the appliance's.
                socket.setTcpNoDelay(true);
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> talk(socket, conversation));
            }
        } catch (IOException closed) {
            // The backend was closed.
        }
    }

    private void talk(Socket socket, Conversation conversation) {
        try (socket) {
            conversation.with(socket);
        } catch (IOException peerWentAway) {
            // Tests look at what the client saw.
        } finally {
            open.remove(socket);
        }
    }

    /** Its port. */
    public int port() {
        return server.getLocalPort();
    }

    /** Connections accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections open now. */
    public int open() {
        return open.size();
    }

    /** Lets nobody new in; whom it talks to it goes on talking to. */
    public void stopListening() throws IOException {
        server.close();
        try {
            // The system still lets clients in until the thread that waits for them is gone.
            if (!acceptor.join(PATIENCE)) {
                throw new IOException("the backend goes on listening");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stopListening();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
