// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program that reads the statistics. */
final class Reader implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader lines;

    Reader(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    JsonNode next() throws IOException {
        return new JsonMapper().readTree(Optional.ofNullable(lines.readLine()).orElseThrow(() -> new IOException("closed")));
    }

    /** The next hello, whatever comes before it. */
    JsonNode nextHello() throws IOException {
        JsonNode line = next();
        while (!line.has("v")) {
            line = next();
        }
        return line;
    }

    /** Whether the other side has closed. */
    boolean ended() {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
