// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.memory.MemoryTransport;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.node.api.BundleGuard;
import java.time.InstantSource;

/** The engine itself, with sockets that only exist in memory. In the engine's package, because bundles export nothing. */
public final class EngineInMemory {
    private EngineInMemory() {
    }

    /** An engine whose targets are found by a selector. */
    public static ForwardingEngine of(EventLoop loop, TargetSelector selector) {
        Engine engine = new Engine(Transports.AUTO, new Ceilings(1000, 100, 0, Means.ofThisProcess()), InstantSource.system(),
            System::nanoTime, loop::after, new BundleGuard(System::nanoTime, account -> { }));
        engine.comes(new MemoryTransport("memory", loop), new Provider.Origin(new Post(Role.TRANSPORT, "memory"), "bench", "1.0.0"));
        engine.comes(selector, new Provider.Origin(Post.TARGETS, "bench", "1.0.0"));
        return engine;
    }
}
