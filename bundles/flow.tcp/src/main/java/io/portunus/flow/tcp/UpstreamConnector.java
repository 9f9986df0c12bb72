// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.model.IpLiterals;
import io.portunus.model.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Opens the target's side of one flow: one address after the other until one answers. Confined to the flow's loop. */
final class UpstreamConnector {
    /** How long one address may take to answer. */
    private static final Duration ATTEMPT_DEADLINE = Duration.ofSeconds(3);

    private final LiveFlow flow;
    private final NameResolver names;
    private Cancellable underWay = () -> { };
    private Cancellable deadline = () -> { };
    private int attempts;
    private boolean cancelled;

    UpstreamConnector(LiveFlow flow, NameResolver names) {
        this.flow = flow;
        this.names = names;
    }

    /** Told how it went, once. */
    interface Outcome {
        /** The target is open. */
        void connected(Stream upstream);

        /** It is not. */
        void failed(CloseReason reason);
    }

    /** Starts; the flow's counters are told of each failure. */
    void open(Route route, EventLoop loop, Outcome outcome) {
        String target = route.target().host();
        int port = route.target().ports().first();
        IpLiterals.parse(target).ifPresentOrElse(
            literal -> attempt(List.of(literal), new Attempts(port, loop, outcome), CloseReason.CONNECT_FAILED),
            () -> underWay = names.resolve(target, route.rule().preferIpv6(), loop, found -> {
                if (found.isEmpty()) {
                    flow.dnsFailed();
                }
                attempt(found, new Attempts(port, loop, outcome), CloseReason.DNS_FAILED);
            }));
    }

    /** Calls it off; nobody is told any more. */
    void cancel() {
        cancelled = true;
        underWay.cancel();
        deadline.cancel();
    }

    private record Attempts(int port, EventLoop loop, Outcome outcome) {
    }

    private void attempt(List<InetAddress> addresses, Attempts all, CloseReason ifNoneLeft) {
        if (addresses.isEmpty()) {
            all.outcome().failed(ifNoneLeft);
            return;
        }
        InetSocketAddress endpoint = new InetSocketAddress(addresses.getFirst(), all.port());
        List<InetAddress> rest = addresses.subList(1, addresses.size());
        // A loopback target may have answered before connect returns, so the deadline and the number stand before it is called.
        int number = ++attempts;
        deadline = all.loop().after(ATTEMPT_DEADLINE, () -> {
            underWay.cancel();
            next(rest, all, CloseReason.CONNECT_TIMEOUT);
        });
        Cancellable connecting = flow.connect(endpoint, new ConnectListener() {
            @Override
            public void connected(Stream upstream) {
                deadline.cancel();
                if (cancelled) {
                    upstream.reset();
                    return;
                }
                flow.connected(endpoint);
                all.outcome().connected(upstream);
            }

            @Override
            public void failed(IOException cause) {
                next(rest, all, CloseReason.CONNECT_FAILED);
            }
        });
        if (number == attempts) {
            underWay = connecting;
        }
    }

    private void next(List<InetAddress> rest, Attempts all, CloseReason failure) {
        deadline.cancel();
        if (!cancelled) {
            flow.connectFailed();
            attempt(rest, all, failure);
        }
    }
}
