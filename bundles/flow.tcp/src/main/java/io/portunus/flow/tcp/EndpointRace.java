// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.Sockets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Connects to one target by happy eyeballs (RFC 8305 §5): its endpoints in their order, each a little after the one before, or at once when
 * that failed; the first to answer is taken and the others are called off. One timer, however many attempts are under way. Confined to the
 * flow's loop.
 */
final class EndpointRace implements Cancellable {
    /** How long an attempt goes unanswered before the next begins: the "Connection Attempt Delay" that RFC 8305 §5 recommends. */
    private static final long STAGGER_NANOS = Duration.ofMillis(250).toNanos();
    /** Endpoints of a target that are tried. */
    static final int MAX_ENDPOINTS = 8;

    private final Terms terms;
    private final List<InetSocketAddress> endpoints;
    private final Callback callback;
    private final List<Attempt> live = new ArrayList<>(2);
    private int started;
    private long lastStart;
    private boolean starting;
    /** Why the last one failed that did. */
    private Optional<Failure> why = Optional.empty();
    private Cancellable timer = TcpFlow.NOTHING_UNDER_WAY;
    private boolean over;

    /**
     * What the races of a flow have in common.
     *
     * @param flow what connects, runs their timer, and is notified of each attempt that failed
     * @param nanos the time
     * @param sockets options of the connection
     * @param attemptNanos how long one endpoint may take
     * @param endNanos when there is no time left for any
     */
    record Terms(StreamFlow flow, LongSupplier nanos, Sockets sockets, long attemptNanos, long endNanos) {
    }

    /** Called once, with the result. */
    interface Callback {
        /** An endpoint answered. */
        void won(Stream upstream, InetSocketAddress endpoint, Duration took);

        /** None did; why the last one did not. */
        void lost(Failure why);

        /** The flow has no time left for them. */
        void outOfTime();
    }

    EndpointRace(Terms terms, List<InetSocketAddress> endpoints, Callback callback) {
        this.terms = terms;
        this.endpoints = reachable(endpoints, terms.sockets());
        this.callback = callback;
    }

    /** From an address of one family there is no way to the other; if all are of the other, the attempt reports it. */
    private static List<InetSocketAddress> reachable(List<InetSocketAddress> all, Sockets sockets) {
        List<InetSocketAddress> usable = all;
        if (sockets.source().isPresent()) {
            Class<?> family = sockets.source().get().getClass();
            List<InetSocketAddress> same = all.stream().filter(endpoint -> family.isInstance(endpoint.getAddress())).toList();
            usable = same.isEmpty() ? all : same;
        }
        return usable.size() > MAX_ENDPOINTS ? usable.subList(0, MAX_ENDPOINTS) : usable;
    }

    void start() {
        startNext();
        arm();
    }

    /** Begins the next attempt, and further ones while they fail at once; when none is left or under way, the race is lost. */
    private void startNext() {
        starting = true;
        boolean pending = false;
        while (!over && !pending && started < endpoints.size()) {
            lastStart = terms.nanos().getAsLong();
            Attempt attempt = new Attempt(endpoints.get(started++), lastStart);
            live.add(attempt);
            attempt.begin();
            pending = attempt.open;
        }
        starting = false;
        if (!over && live.isEmpty()) {
            cancel();
            callback.lost(why.orElse(Failure.UNREACHABLE));
        }
    }

    private void arm() {
        if (!over) {
            long now = terms.nanos().getAsLong();
            long rest = terms.endNanos() - now;
            for (Attempt attempt : live) {
                rest = Math.min(rest, attempt.began + terms.attemptNanos() - now);
            }
            if (started < endpoints.size()) {
                rest = Math.min(rest, lastStart + STAGGER_NANOS - now);
            }
            timer = terms.flow().after(Duration.ofNanos(Math.max(rest, 0)), this::tick);
        }
    }

    /** Due at the earliest of all deadlines; one that has moved meanwhile is waited for again. */
    private void tick() {
        if (over) {
            return;
        }
        long now = terms.nanos().getAsLong();
        if (now - terms.endNanos() >= 0) {
            cancel();
            callback.outOfTime();
            return;
        }
        boolean nextIsDue = now - lastStart >= STAGGER_NANOS;
        for (int i = live.size() - 1; i >= 0; i--) {
            Attempt attempt = live.get(i);
            if (now - attempt.began >= terms.attemptNanos()) {
                attempt.callOff();
                ended(attempt, Failure.TIMEOUT);
                nextIsDue = true;
            }
        }
        if (nextIsDue) {
            startNext();
        }
        arm();
    }

    private void ended(Attempt attempt, Failure failure) {
        live.remove(attempt);
        // What any endpoint did means more than that another could not even be asked.
        why = failure == Failure.LOCAL ? why.or(() -> Optional.of(failure)) : Optional.of(failure);
        terms.flow().connectFailed();
    }

    private void win(Attempt attempt, Stream upstream) {
        live.remove(attempt);
        cancel();
        callback.won(upstream, attempt.endpoint, Duration.ofNanos(terms.nanos().getAsLong() - attempt.began));
    }

    /** Ends it without a callback. */
    @Override
    public void cancel() {
        over = true;
        timer.cancel();
        for (Attempt attempt : live) {
            attempt.callOff();
        }
        live.clear();
    }

    /** One endpoint. It may answer, or fail, before the call that connects returns. */
    private final class Attempt implements ConnectListener {
        private final InetSocketAddress endpoint;
        private final long began;
        private Cancellable connecting = TcpFlow.NOTHING_UNDER_WAY;
        private boolean open = true;

        Attempt(InetSocketAddress endpoint, long began) {
            this.endpoint = endpoint;
            this.began = began;
        }

        void begin() {
            Sockets sockets = terms.sockets();
            Cancellable attempt = terms.flow().connect(new ConnectSpec(endpoint, sockets.source(), sockets.upstream()), this);
            if (open) {
                connecting = attempt;
            }
        }

        void callOff() {
            open = false;
            connecting.cancel();
        }

        @Override
        public void connected(Stream upstream) {
            if (open) {
                open = false;
                win(this, upstream);
            } else {
                upstream.reset();
            }
        }

        @Override
        public void failed(ConnectFailure why) {
            if (open) {
                open = false;
                ended(this, failure(why.cause()));
                if (!starting) {
                    startNext();
                }
            }
        }
    }

    private static Failure failure(ConnectFailure.Cause cause) {
        return switch (cause) {
            case REFUSED -> Failure.REFUSED;
            case TIMED_OUT -> Failure.TIMEOUT;
            case NO_PORT, NO_DESCRIPTOR, NOT_OURS, NOT_PERMITTED -> Failure.LOCAL;
            case UNREACHABLE, OTHER -> Failure.UNREACHABLE;
        };
    }
}
