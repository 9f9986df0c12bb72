// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A target on the loopback that does with each connection what the test sets. Thread-safe. */
final class Backend implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    /** What is done with a connection. */
    interface Manners {
        void with(Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    /** What went wrong, and how connections ended. */
    final Queue<String> ends = new ConcurrentLinkedQueue<>();

    Backend(Manners manners) {
        this(plain(), manners);
    }

    Backend(ServerSocket listener, Manners manners) {
        this.listener = listener;
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                serve(manners);
            }
        });
    }

    private static ServerSocket plain() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Manners manners) {
        try (Socket socket = listener.accept()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            manners.with(socket);
            ends.add("done");
        } catch (IOException e) {
            ends.add(e.toString());
        }
    }

    /** Writes nothing until the other side has finished. */
    static Manners silent() {
        return socket -> socket.getInputStream().readAllBytes();
    }

    /** Waits for the end of a request's head, and answers. */
    static Manners http(String answer) {
        return socket -> {
            until(socket.getInputStream(), "\r\n\r\n");
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        };
    }

    /** Reads until what was read ends with the text. */
    static String until(InputStream in, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("ended after: " + read.toString(StandardCharsets.ISO_8859_1));
            }
            read.write(octet);
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
