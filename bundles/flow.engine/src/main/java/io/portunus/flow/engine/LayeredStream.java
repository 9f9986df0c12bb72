// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A stream that a layer has made, as the handler sees it. What the layer throws is charged to the layer, and from then on the stream is reset;
 * the stream below is closed with this one in any case. Confined to its loop.
 */
final class LayeredStream extends WatchedStream {
    private final Stream above;
    private final Stream below;
    private final Guard layer;
    private boolean broken;
    private boolean closed;

    /**
     * Puts the layer's stream between the handler and the stream below.
     *
     * @param handler answers for what the handler's callbacks throw
     * @param layer answers for what the layer throws
     */
    LayeredStream(Stream above, Stream below, Guard handler, Guard layer) {
        super(above, handler);
        this.above = above;
        this.below = below;
        this.layer = layer;
    }

    private int broke(Throwable fault) {
        broken = true;
        layer.threw(fault);
        return RESET;
    }

    private boolean over() {
        return broken || closed;
    }

    @Override
    public int read(ByteBuffer to) {
        try {
            return over() ? RESET : above.read(to);
        } catch (Throwable lastResort) {
            return broke(lastResort);
        }
    }

    @Override
    public int write(ByteBuffer from) {
        try {
            return over() ? RESET : above.write(from);
        } catch (Throwable lastResort) {
            return broke(lastResort);
        }
    }

    /** A call that answers nothing. */
    private void invoke(Runnable call) {
        if (!over()) {
            try {
                call.run();
            } catch (Throwable lastResort) {
                broke(lastResort);
            }
        }
    }

    @Override
    public void interest(boolean read, boolean write) {
        try {
            if (!over()) {
                super.interest(read, write);
            }
        } catch (Throwable lastResort) {
            broke(lastResort);
        }
    }

    @Override
    public void events(StreamEvents target) {
        invoke(() -> super.events(target));
    }

    @Override
    void silence() {
        invoke(super::silence);
        letGo();
    }

    @Override
    public int unsent() {
        try {
            return over() ? 0 : above.unsent();
        } catch (Throwable lastResort) {
            broke(lastResort);
            return 0;
        }
    }

    @Override
    public int descriptor() {
        try {
            return over() ? -1 : above.descriptor();
        } catch (Throwable lastResort) {
            broke(lastResort);
            return -1;
        }
    }

    @Override
    public void tune(SocketTuning tuning) {
        invoke(() -> above.tune(tuning));
    }

    @Override
    public void endOutput() {
        invoke(above::endOutput);
    }

    @Override
    public EventLoop loop() {
        return below.loop();
    }

    @Override
    public InetSocketAddress local() {
        return below.local();
    }

    @Override
    public InetSocketAddress peer() {
        return below.peer();
    }

    @Override
    public void close() {
        invoke(above::close);
        if (broken) {
            below.reset();
        }
        leave();
    }

    @Override
    public void reset() {
        invoke(above::reset);
        below.reset();
        leave();
    }

    private void leave() {
        closed = true;
        letGo();
        below.close();
    }
}
