// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryTransport;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.Transport;
import io.portunus.model.Decision;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Listener;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** An engine with a transport in memory, a selector, and a handler that keeps flows open. */
abstract class EngineSetup {
    static final BundlePart SINK = new BundlePart("x.records", "1.0.0", "record sink");
    final MemoryLoop loop = new MemoryLoop();
    final MemoryTransport transport = new MemoryTransport("fake", loop);
    final BundleGuard guard = new BundleGuard(() -> System.nanoTime() + loop.nanos(), account -> barred());
    final Engine engine = new Engine(Transports.AUTO, ceilings(3, 2, 1 << 20), InstantSource.system(),
        () -> System.nanoTime() + loop.nanos(), loop::after, guard);
    final FakeSelector selector = new FakeSelector();
    final Holding handler = new Holding();
    final List<FlowRecord> records = new ArrayList<>();

    /** Routes each flow and keeps it open. */
    static final class Holding implements FlowHandler {
        final List<StreamFlow> flows = new ArrayList<>();
        final List<Stream> downstreams = new ArrayList<>();

        @Override
        public String kind() {
            return TCP;
        }

        @Override
        public void accepted(Stream downstream, Listener listener, StreamFlow flow) {
            flows.add(flow);
            downstreams.add(downstream);
            flow.onEnd(reason -> {
                downstream.reset();
                flow.closed(reason);
            });
            Prelude asked = !listener.inspects().isEmpty() ? Prelude.tls("a.test") : Prelude.NONE;
            if (listener.route(asked, downstream.peer().getAddress()) instanceof Decision.Routed routed) {
                flow.routed(routed.route());
            }
        }
    }

    /** Keeps every record; that of a flow in memory does not change any more. */
    record Records(List<FlowRecord> taken) implements FlowRecordSink {
        @Override
        public void take(FlowRecord flow) {
            taken.add(flow);
        }

        @Override
        public long dropped() {
            return 0;
        }
    }

    record Named(String kind) implements Inspector {
        @Override
        public Inspection begin() {
            throw new AssertionError("the handler of these tests does not inspect");
        }
    }

    static Ceilings ceilings(long connections, int peeks, long buffers) {
        return new Ceilings(connections, peeks, buffers, new Means(20_000, 200, 256L << 20, 1));
    }

    static Rule rule(String name, int port, String sni) {
        Optional<HostPattern> pattern = sni.isEmpty() ? Optional.empty() : Optional.of(HostPattern.parse(sni));
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ofSni(pattern), TargetAddress.parse("t.test:1"));
    }

    @BeforeEach
    void findTargets() {
        comes(transport, new Post(Role.TRANSPORT, transport.name()), "x.transport", "1.0.0");
        comes(selector, Post.TARGETS, "x.target", "1.0.0");
    }

    private void barred() {
        engine.barred();
    }

    /** A sink of the distribution. */
    void sink(FlowRecordSink sink) {
        engine.sink(sink, SINK);
    }

    void comes(Object service, Post post, String bundle, String version) {
        engine.comes(service, new Provider.Origin(post, bundle, version));
    }

    /** A transport of a rank. */
    void comes(Transport carrier, int rank) {
        engine.comes(carrier, new Provider.Origin(new Post(Role.TRANSPORT, carrier.name()), "x." + carrier.name(), "1.0.0", rank));
    }

    void run(FlowHandler newer, String version) {
        comes(newer, Post.TCP, "x.tcp", version);
    }

    List<Problem> apply(Rule... rules) {
        return engine.apply(ForwardingTable.compile(new RuleSet("1", Arrays.asList(rules))));
    }
}
