// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends the same to each reader, and then either closes the connection or keeps it. */
final class FakeDaemon implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel server;

    FakeDaemon(Path socket, String text, boolean keeps) throws IOException {
        this.socket = socket;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> serve(text, keeps));
    }

    private void serve(String text, boolean keeps) {
        while (server.isOpen()) {
            try (SocketChannel reader = server.accept()) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    reader.write(bytes);
                }
                // The reader goes first.
                while (keeps && reader.read(ByteBuffer.allocate(1)) >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException gone) {
                // The next one, or the end of the test.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }
}
