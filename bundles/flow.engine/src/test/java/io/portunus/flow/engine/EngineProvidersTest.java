// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.memory.MemoryTransport;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.model.Cidr;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.SocketAddresses;
import io.portunus.model.SocketTuning;
import io.portunus.model.Sockets;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who serves flows, and by what transport they come. */
class EngineProvidersTest extends EngineSetup {
    @Test
    void selectionIsReleasedWithItsFlowAndHoldsItsVersionUntilThen() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        transport.connectTo(1);
        StreamFlow flow = handler.flows.getFirst();
        Route route = table().listeners().iterator().next().routes().getFirst();

        TargetSelection selection = flow.select(route).orElseThrow();

        assertThat(selector.begun.getFirst().route()).isEqualTo(route);
        assertThat(engine.held("x.target", "1.0.0")).isEqualTo(1);
        assertThat(engine.flows().getFirst().handlers()).containsEntry("x.target", "1.0.0");
        flow.closed(CloseReason.COMPLETED);
        selection.release();
        assertThat(selector.released).isEqualTo(1);
        assertThat(engine.held("x.target", "1.0.0")).isZero();
    }

    @Test
    void selectorThatThrowsRefusesItsFlow() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        transport.connectTo(1);
        selector.broken = true;
        List<CloseReason> answers = new ArrayList<>();

        handler.flows.getFirst().select(table().listeners().iterator().next().routes().getFirst()).orElseThrow()
            .next(new TargetSelection.Answer() {
                @Override
                public void found(Target target, List<InetSocketAddress> endpoints) {
                    throw new AssertionError(target);
                }

                @Override
                public void none(CloseReason reason) {
                    answers.add(reason);
                }
            });

        assertThat(answers).containsExactly(CloseReason.INTERNAL_ERROR);
        assertThat(engine.providers()).filteredOn(p -> p.bundle().equals("x.target")).singleElement()
            .satisfies(p -> assertThat(p.faults()).isEqualTo(1));
    }

    @Test
    void selectorThatServesHasTheTableAndTheOtherNone() {
        apply(rule("a", 1, ""));
        assertThat(selector.table).isSameAs(engine.table());
        FakeSelector newer = new FakeSelector();

        comes(newer, Post.TARGETS, "x.target", "1.0.1");
        assertThat(newer.table).isSameAs(ForwardingTable.EMPTY);
        engine.prefer("x.target", "1.0.1");

        assertThat(newer.table).isSameAs(engine.table());
        assertThat(selector.table).isSameAs(ForwardingTable.EMPTY);
        engine.goes(newer);
        assertThat(selector.table).isSameAs(engine.table());
    }

    @Test
    void listenerThatNamesNoTransportGoesToTheOneOfTheHighestRank() {
        run(handler, "1.2.3");
        MemoryTransport low = new MemoryTransport("low", loop);
        MemoryTransport high = new MemoryTransport("high", loop);
        comes(high, 7);
        comes(low, 6);

        apply(rule("a", 1, ""));

        assertThat(engine.listeners().getFirst().transport()).isEqualTo("high");
        engine.goes(high);
        assertThat(engine.listeners().getFirst().transport()).isEqualTo("low");
    }

    @Test
    void connectionWaitsForWhoeverReadsItsHeader() {
        run(handler, "1.2.3");
        apply(rule("a", 1, "").withProxyTrust(new ProxyTrust(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()), Duration.ofSeconds(5))));
        transport.connectTo(1);
        assertThat(handler.flows).isEmpty();
        assertThat(engine.lacks()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("filter.proxy"));
        ListenerFilter filter = new ListenerFilter() {
            @Override
            public String kind() {
                return PROXY;
            }

            @Override
            public Filtering begin(Protocol protocol) {
                return bytes -> {
                    throw new IllegalStateException("as the test wants");
                };
            }
        };

        comes(filter, Post.PROXY_IN, "x.proxy", "1.0.0");

        assertThat(handler.flows).hasSize(1);
        assertThat(handler.flows.getFirst().filter(ListenerFilter.PROXY).orElseThrow().filter(ByteBuffer.allocate(1)))
            .isInstanceOfSatisfying(FilterVerdict.No.class, no -> assertThat(no.reason()).isEqualTo(CloseReason.INTERNAL_ERROR));
    }

    @Test
    void addressesAreThoseThatWereDeclared() {
        sink(new Records(records));
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        transport.connectTo(1);
        StreamFlow flow = handler.flows.getFirst();
        Addresses declared = new Addresses(new InetSocketAddress("192.0.2.7", 4000), new InetSocketAddress("192.0.2.1", 443));

        flow.declared(new DeclaredOrigin(Optional.of(declared), List.of()));

        assertThat(flow.addresses()).isEqualTo(declared);
        assertThat(engine.flows().getFirst().peer()).isEqualTo("192.0.2.7:4000");
        flow.closed(CloseReason.COMPLETED);
        assertThat(SocketAddresses.text(records.getFirst().peer())).isEqualTo("192.0.2.7:4000");
        assertThat(records.getFirst().via().map(SocketAddresses::text)).contains("127.0.0.1:50000");
    }

    @Test
    void listenerMovesToTheTransportThatIsWantedAndBackWhenThatGoes() {
        MemoryTransport other = new MemoryTransport("other", loop);
        comes(other, new Post(Role.TRANSPORT, "other"), "y.transport", "1.0.0");
        apply(rule("a", 1, ""));
        assertThat(engine.listeners().getFirst().transport()).isEqualTo("fake");

        engine.transport("other");

        assertThat(engine.listeners().getFirst().transport()).isEqualTo("other");
        assertThat(transport.bound).isEmpty();
        assertThat(other.bound).containsOnlyKeys(1);
        engine.goes(other);
        assertThat(engine.listeners().getFirst().transport()).isEqualTo("fake");
        assertThat(transport.bound).containsOnlyKeys(1);
    }

    @Test
    void flowIsConnectedByTheTransportThatAcceptedIt() {
        MemoryTransport other = new MemoryTransport("other", loop);
        comes(other, new Post(Role.TRANSPORT, "other"), "y.transport", "1.0.0");
        run(handler, "1.2.3");
        Sockets sockets = new Sockets(SocketTuning.DEFAULT, SocketTuning.DEFAULT, Optional.empty(), Optional.of("other"));
        Rule plain = rule("a", 1, "");
        apply(new Rule(plain.id(), "a", "", true, Optional.empty(), plain.listen(), plain.match(), plain.targets(), plain.timeouts(), sockets,
            Optional.empty()));
        other.connectTo(1);
        assertThat(engine.held("y.transport", "1.0.0")).isEqualTo(1);

        handler.flows.getFirst().connect(ConnectSpec.to(new InetSocketAddress("127.0.0.1", 9)), new ConnectListener() {
            @Override
            public void connected(Stream stream) {
                throw new AssertionError("nobody answers");
            }

            @Override
            public void failed(ConnectFailure why) {
                throw new AssertionError(why);
            }
        });

        assertThat(other.targets).hasSize(1);
        assertThat(transport.targets).isEmpty();
    }

    private ForwardingTable table() {
        return engine.table();
    }
}
