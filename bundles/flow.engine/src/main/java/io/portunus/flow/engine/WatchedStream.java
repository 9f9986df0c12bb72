// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A stream as its user sees it: it passes everything on to the one below, and what the user's callbacks throw to a {@link Guard}; the stream is
 * silent from then on. To read and to write is left to each kind, so that the compiler sees one callee where there is one. Confined to its loop.
 */
abstract class WatchedStream implements Stream, StreamEvents {
    private final Stream below;
    private final Guard user;
    private @Nullable StreamEvents events;
    private boolean silent;

    WatchedStream(Stream below, Guard user) {
        this.below = below;
        this.user = user;
    }

    @Override
    public void readable(Stream itself) {
        StreamEvents target = events;
        if (target != null) {
            try {
                target.readable(this);
            } catch (Throwable lastResort) {
                threw(lastResort);
            }
        }
    }

    @Override
    public void writable(Stream itself) {
        StreamEvents target = events;
        if (target != null) {
            try {
                target.writable(this);
            } catch (Throwable lastResort) {
                threw(lastResort);
            }
        }
    }

    private void threw(Throwable fault) {
        silence();
        user.threw(fault);
    }

    /** Nobody is notified of anything any more: the user is let go. */
    void silence() {
        silent = true;
        events = null;
        below.interest(false, false);
    }

    boolean silent() {
        return silent;
    }

    @Override
    public void events(StreamEvents target) {
        if (!silent) {
            events = target;
            below.events(this);
        }
    }

    @Override
    public void interest(boolean read, boolean write) {
        if (!silent) {
            below.interest(read, write);
        }
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
    public int unsent() {
        return below.unsent();
    }

    @Override
    public int descriptor() {
        return below.descriptor();
    }

    @Override
    public void tune(SocketTuning tuning) {
        below.tune(tuning);
    }

    @Override
    public void endOutput() {
        below.endOutput();
    }

    @Override
    public void close() {
        letGo();
        below.close();
    }

    @Override
    public void reset() {
        letGo();
        below.reset();
    }

    /** It is closed: its user is not held by it any more. */
    void letGo() {
        silent = true;
        events = null;
    }
}
