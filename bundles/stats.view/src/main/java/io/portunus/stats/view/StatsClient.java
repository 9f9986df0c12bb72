// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A connection to a daemon. Read by one thread; closed by any. */
final class StatsClient implements AutoCloseable {
    /** Longest line; a rule takes less than a kilobyte. */
    static final int MAX_LINE_BYTES = 32 << 20;
    private final SocketChannel channel;
    private final InputStream input;

    private StatsClient(SocketChannel channel) {
        this.channel = channel;
        this.input = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    }

    static StatsClient connect(Path socket) throws IOException {
        return new StatsClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** The sentence of a daemon that cannot be read. */
    static String complaint(Path socket, IOException e) {
        return "The statistics of " + socket + " cannot be read: " + Text.clean(String.valueOf(e.getMessage()))
            + ". Is portunus-standalone running with its statistics socket there? Name another socket with --socket PATH.";
    }

    /**
     * The next line.
     *
     * @throws IOException if the daemon has gone, or sends lines without an end
     */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = input.read();
        while (next != '\n') {
            if (next < 0) {
                throw new IOException("the daemon closed the connection; it stops, or has as many readers as it takes");
            }
            if (line.size() >= MAX_LINE_BYTES) {
                throw new IOException("the daemon sends a line of more than " + MAX_LINE_BYTES + " bytes");
            }
            line.write(next);
            next = input.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
