// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Stream;
import java.nio.ByteBuffer;

/** A stream of a transport as the handler of a flow sees it. Confined to its loop. */
final class GuardedStream extends WatchedStream {
    private final Stream socket;

    GuardedStream(Stream socket, Guard handler) {
        super(socket, handler);
        this.socket = socket;
    }

    @Override
    public int read(ByteBuffer to) {
        return socket.read(to);
    }

    @Override
    public int write(ByteBuffer from) {
        return socket.write(from);
    }
}
