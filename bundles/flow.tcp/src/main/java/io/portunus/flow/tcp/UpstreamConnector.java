// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the target's side of one flow: one target after the other until one of them has answered, taken its header, and settled what
 * the rule requires below the bytes. Nothing of the
 * client's has been sent until then, so each of them can take the flow. Confined to the flow's loop.
 */
final class UpstreamConnector implements Cancellable, TargetSelection.Answer, EndpointRace.Callback, HeaderWriter.Callback,
        Handshake.Callback {
    private final TargetSelection selection;
    private final EndpointRace.Terms terms;
    private final Optional<String> layer;
    private final Callback callback;
    private Cancellable underWay = TcpFlow.NOTHING_UNDER_WAY;
    private Cancellable deadline = TcpFlow.NOTHING_UNDER_WAY;
    private @Nullable Trial trial;
    /** The target that has answered, until the flow has it. */
    private @Nullable Stream opened;
    private int asked;
    private int answered;
    private boolean over;

    /** The target that is tried. */
    private static final class Trial {
        private final Target target;
        private final long began;
        private InetSocketAddress endpoint;
        private Duration took = Duration.ZERO;

        Trial(Target target, long began, InetSocketAddress first) {
            this.target = target;
            this.began = began;
            this.endpoint = first;
        }
    }

    /** Called once, with the result. */
    interface Callback {
        /** The target is open; it has its header. */
        void connected(Stream upstream);

        /** No target is. */
        void failed(CloseReason reason);
    }

    UpstreamConnector(StreamFlow flow, TargetSelection selection, Search search, Callback callback) {
        this.selection = selection;
        this.callback = callback;
        Rule rule = search.rule();
        this.layer = rule.layers().upstream();
        long now = search.nanos().getAsLong();
        this.terms = new EndpointRace.Terms(flow, search.nanos(), rule.sockets(), rule.timeouts().connectAttempt().toNanos(),
            now + rule.timeouts().connect().toNanos());
    }

    /**
     * What the search follows.
     *
     * @param rule sets how long everything may take, and with what sockets it is done
     * @param nanos the time
     */
    record Search(Rule rule, LongSupplier nanos) {
    }

    /** Starts; the flow's counters are notified of each failure. */
    void open() {
        next();
    }

    private void next() {
        trial = null;
        if (rest() <= 0) {
            fail(CloseReason.CONNECT_TIMEOUT);
            return;
        }
        int number = ++asked;
        Cancellable asking = selection.next(this);
        if (answered < number && !over) {
            underWay = asking;
            deadline = terms.flow().after(Duration.ofNanos(rest()), this::outOfTime);
        }
    }

    private long rest() {
        return terms.endNanos() - terms.nanos().getAsLong();
    }

    @Override
    public void found(Target target, List<InetSocketAddress> endpoints) {
        if (answer()) {
            race(target, endpoints);
        }
    }

    private void race(Target target, List<InetSocketAddress> endpoints) {
        trial = new Trial(target, terms.nanos().getAsLong(), endpoints.getFirst());
        EndpointRace race = new EndpointRace(terms, endpoints, this);
        underWay = race;
        race.start();
    }

    @Override
    public void none(CloseReason reason) {
        if (answer()) {
            if (reason.equals(CloseReason.DNS_FAILED)) {
                terms.flow().dnsFailed();
            }
            fail(reason);
        }
    }

    private boolean answer() {
        boolean wanted = !over && answered < asked;
        deadline.cancel();
        answered = asked;
        return wanted;
    }

    @Override
    public void won(Stream upstream, InetSocketAddress endpoint, Duration took) {
        Trial open = tried();
        open.endpoint = endpoint;
        open.took = took;
        opened = upstream;
        if (open.target.proxy().isEmpty()) {
            written(upstream);
            return;
        }
        Optional<byte[]> header = terms.flow().header(UpstreamHeader.PROXY, open.target);
        if (header.isEmpty()) {
            // A target that requires a header would take the client's bytes for one.
            notWritten();
            return;
        }
        HeaderWriter writer = new HeaderWriter(upstream, terms.flow(), header.get(), this);
        underWay = writer;
        writer.start(atMost(HeaderWriter.BUDGET));
    }

    private Duration atMost(Duration limit) {
        return Duration.ofNanos(Math.max(0, Math.min(rest(), limit.toNanos())));
    }

    private Trial tried() {
        Trial open = trial;
        if (open == null) {
            throw new AssertionError("no target is being tried");
        }
        return open;
    }

    @Override
    public void lost(Failure why) {
        selection.failed(why);
        next();
    }

    @Override
    public void notWritten() {
        abandon();
        terms.flow().connectFailed();
        lost(Failure.HEADER);
    }

    @Override
    public void written(Stream upstream) {
        if (layer.isEmpty()) {
            secured(upstream);
            return;
        }
        Handshake handshake = new Handshake(() -> { }, this);
        underWay = handshake;
        handshake.begin(terms.flow(), LayerRequest.upstream(layer.get(), upstream, tried().target, atMost(Handshake.LIMIT)));
    }

    /** It was reached, and may be sound: but not for this flow. That nobody can wrap its stream is no fault of it. */
    @Override
    public void failed(CloseReason reason) {
        abandon();
        if (reason.equals(CloseReason.NO_HANDLER)) {
            fail(reason);
        } else {
            terms.flow().connectFailed();
            lost(Failure.LAYER);
        }
    }

    @Override
    public void secured(Stream upstream) {
        Trial open = tried();
        over = true;
        selection.connected(open.endpoint, open.took);
        terms.flow().connected(open.target, open.endpoint);
        opened = null;
        callback.connected(upstream);
    }

    /**
     * The flow has no time left. That is held against the target only if it had the time of a whole attempt, or all there was: others before it
     * may have left it none.
     */
    @Override
    public void outOfTime() {
        if (over) {
            return;
        }
        Trial last = trial;
        if (last != null) {
            terms.flow().connectFailed();
            if (asked == 1 || terms.nanos().getAsLong() - last.began >= terms.attemptNanos()) {
                selection.failed(Failure.TIMEOUT);
            }
        }
        underWay.cancel();
        fail(CloseReason.CONNECT_TIMEOUT);
    }

    private void fail(CloseReason reason) {
        over = true;
        callback.failed(reason);
    }

    /** Calls it off; nobody is called any more. */
    @Override
    public void cancel() {
        over = true;
        underWay.cancel();
        deadline.cancel();
        abandon();
    }

    private void abandon() {
        Stream answering = opened;
        if (answering != null) {
            opened = null;
            answering.reset();
        }
    }
}
