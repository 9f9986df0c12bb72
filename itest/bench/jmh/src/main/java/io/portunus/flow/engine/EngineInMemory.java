// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.flow.spi.Transport;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** The engine itself, with sockets that only exist in memory. In the engine's package, because bundles export nothing. */
public final class EngineInMemory {
    private EngineInMemory() {
    }

    /** An engine whose targets are found by a selector. */
    public static ForwardingEngine of(EventLoop loop, TargetSelector selector) {
        Engine engine = new Engine(Transports.AUTO, new Ceilings(1000, 100, 0, Means.ofThisProcess()), InstantSource.system(),
            System::nanoTime, loop::after);
        engine.comes(new InMemory(loop), new Provider.Origin(new Post(Role.TRANSPORT, "memory"), "bench", "1.0.0"));
        engine.comes(selector, new Provider.Origin(Post.TARGETS, "bench", "1.0.0"));
        return engine;
    }

    /** Binds whatever it is told to. */
    private record InMemory(EventLoop loop) implements Transport {
        @Override
        public String name() {
            return "memory";
        }

        @Override
        public List<EventLoop> loops() {
            return List.of(loop);
        }

        @Override
        public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) {
            return new Bound(spec.address());
        }

        @Override
        public Cancellable connect(EventLoop on, ConnectSpec spec, ConnectListener done) {
            throw new AssertionError("nothing is forwarded");
        }
    }

    /** No socket. */
    private record Bound(InetSocketAddress address) implements BoundSocket {
        @Override
        public List<Integer> descriptors() {
            return List.of();
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
