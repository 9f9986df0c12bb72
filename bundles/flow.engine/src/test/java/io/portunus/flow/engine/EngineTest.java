// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.engine.FakeTransport.FakeStream;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowHost;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Decision;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Listener;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineTest {
    private final FakeTransport transport = new FakeTransport();
    private final Engine engine = new Engine(transport, new Limits(3, 2), InstantSource.system(), System::nanoTime);
    private final Holding handler = new Holding();
    private final List<FlowRecord> records = new ArrayList<>();

    /** Routes each flow and keeps it open. */
    private static final class Holding implements FlowHandler {
        final List<LiveFlow> flows = new ArrayList<>();

        @Override
        public String version() {
            return "1.2.3";
        }

        @Override
        public void accepted(Stream downstream, Listener listener, LiveFlow flow, FlowHost host) {
            flows.add(flow);
            flow.onEnd(reason -> {
                downstream.reset();
                flow.closed(reason);
            });
            Prelude asked = listener.inspects().isPresent() ? Prelude.tls("a.test") : Prelude.NONE;
            if (listener.route(asked) instanceof Decision.Routed routed) {
                flow.routed(routed.route());
            }
        }
    }

    private record Named(String kind) implements Inspector {
        @Override
        public Inspection begin() {
            throw new AssertionError("the handler of these tests does not inspect");
        }
    }

    private static Rule rule(String name, int port, String sni) {
        Optional<HostPattern> pattern = sni.isEmpty() ? Optional.empty() : Optional.of(HostPattern.parse(sni));
        return new Rule(name.hashCode(), name, "", true, Optional.empty(), List.of(PortRange.of(port)), pattern, TargetAddress.parse("t.test:1"),
            false);
    }

    private List<Problem> apply(Rule... rules) {
        return engine.apply(ForwardingTable.compile(new RuleSet("1", Arrays.asList(rules))));
    }

    @Test
    void bindsWhatIsNewUnbindsWhatWentAndLeavesTheRest() {
        assertThat(apply(rule("a", 1, ""), rule("b", 2, ""))).isEmpty();
        assertThat(transport.bound.keySet()).containsExactlyInAnyOrder(1, 2);

        assertThat(apply(rule("b", 2, ""), rule("c", 3, ""))).isEmpty();

        assertThat(transport.bound.keySet()).containsExactlyInAnyOrder(2, 3);
        assertThat(transport.binds).isEqualTo(3);
    }

    @Test
    void listenerThatCannotBeBoundDoesNotHinderTheOthersAndIsTriedAgain() {
        transport.taken.add(1);

        assertThat(apply(rule("a", 1, ""), rule("b", 2, ""))).singleElement().satisfies(p -> {
            assertThat(p.code().code()).isEqualTo("port_in_use");
            assertThat(p.path()).isEqualTo("listen *:1");
        });
        assertThat(transport.bound).containsOnlyKeys(2);
        assertThat(engine.listeners()).anyMatch(l -> !l.bound());

        transport.taken.clear();
        assertThat(apply(rule("a", 1, ""), rule("b", 2, ""))).isEmpty();
    }

    @Test
    void countsAFlowFromItsRouteToItsRecord() {
        engine.handler(handler);
        engine.sink(records::add);
        apply(rule("a", 1, ""));

        transport.connectTo(1);
        handler.flows.getFirst().movedIn(3);
        handler.flows.getFirst().movedOut(5);
        assertThat(engine.flows()).singleElement().satisfies(f -> {
            assertThat(f.rule()).isEqualTo("a");
            assertThat(f.handler()).isEqualTo("1.2.3");
            assertThat(f.state()).isEqualTo(FlowView.State.CONNECTING);
        });
        handler.flows.getFirst().closed(CloseReason.COMPLETED);

        assertThat(engine.counts().rules()).singleElement().satisfies(c -> {
            assertThat(c.bytesIn()).isEqualTo(3);
            assertThat(c.bytesOut()).isEqualTo(5);
            assertThat(c.total()).isEqualTo(1);
            assertThat(c.active()).isZero();
        });
        assertThat(records).singleElement().satisfies(r -> assertThat(r.reason()).isEqualTo(CloseReason.COMPLETED));
        assertThat(engine.flows()).isEmpty();
    }

    @Test
    void connectionBeyondTheCeilingIsReset() {
        engine.handler(handler);
        apply(rule("a", 1, ""));

        for (int i = 0; i < 3; i++) {
            assertThat(transport.connectTo(1).reset).isFalse();
        }

        assertThat(transport.connectTo(1).reset).isTrue();
        assertThat(engine.counts().closed()).containsEntry(CloseReason.MAX_CONNECTIONS, 1L);
        assertThat(engine.counts().active()).isEqualTo(3);
    }

    @Test
    void connectionWaitsForAHandler() {
        apply(rule("a", 1, ""));
        FakeStream early = transport.connectTo(1);
        assertThat(engine.lacks()).isNotEmpty();

        engine.handler(handler);

        assertThat(handler.flows).hasSize(1);
        assertThat(early.reset).isFalse();
        transport.pass(Duration.ofSeconds(10));
        assertThat(early.reset).isFalse();
    }

    @Test
    void connectionThatNoHandlerTakesIsResetAfterThreeSeconds() {
        apply(rule("a", 1, ""));
        FakeStream early = transport.connectTo(1);

        transport.pass(HandlerQueue.PATIENCE);

        assertThat(early.reset).isTrue();
        assertThat(engine.counts().closed()).containsEntry(CloseReason.NO_HANDLER, 1L);
    }

    @Test
    void noMoreWaitThanMayBeOpen() {
        apply(rule("a", 1, ""));
        for (int i = 0; i < 3; i++) {
            transport.connectTo(1);
        }

        assertThat(transport.connectTo(1).reset).isTrue();
    }

    @Test
    void connectionOfANamedPortWaitsForItsInspector() {
        engine.handler(handler);
        apply(rule("a", 1, "a.test"));
        transport.connectTo(1);
        assertThat(handler.flows).isEmpty();
        assertThat(engine.lacks()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("flow.tls"));

        engine.inspector(new Named("tls"));

        assertThat(handler.flows).hasSize(1);
        assertThat(engine.lacks()).isEmpty();
    }

    @Test
    void peeksOfAListenerAreBounded() {
        engine.handler(handler);
        engine.inspector(new Named("tls"));
        apply(rule("a", 1, "a.test"));
        for (int i = 0; i < 3; i++) {
            transport.connectTo(1);
        }

        assertThat(handler.flows.get(0).beginPeek()).isTrue();
        assertThat(handler.flows.get(1).beginPeek()).isTrue();
        assertThat(handler.flows.get(2).beginPeek()).isFalse();
        handler.flows.get(0).endPeek();
        assertThat(handler.flows.get(2).beginPeek()).isTrue();
        assertThat(engine.counts().listeners()).singleElement().satisfies(l -> {
            assertThat(l.peeking()).isEqualTo(2);
            assertThat(l.peekBuckets().getLast()).isEqualTo(1);
        });
    }

    @Test
    void handlerThatIsReplacedKeepsItsPlaceUntilTheNewOneHasIt() {
        engine.handler(handler);
        Holding newer = new Holding();
        apply(rule("a", 1, ""));

        engine.handler(newer);
        engine.handlerGone(handler);
        transport.connectTo(1);

        assertThat(newer.flows).hasSize(1);
    }

    @Test
    void killsOneFlow() {
        engine.handler(handler);
        apply(rule("a", 1, ""));
        FakeStream first = transport.connectTo(1);
        FakeStream second = transport.connectTo(1);

        assertThat(engine.kill(handler.flows.getFirst().id())).isTrue();

        assertThat(first.reset).isTrue();
        assertThat(second.reset).isFalse();
        assertThat(engine.kill(99)).isFalse();
    }

    @Test
    void drainStopsListeningAndEndsWhatIsLeft() {
        engine.handler(handler);
        apply(rule("a", 1, ""));
        FakeStream open = transport.connectTo(1);

        assertThat(engine.drain(Duration.ofMillis(10))).isEqualTo(1);

        assertThat(transport.bound).isEmpty();
        assertThat(open.reset).isTrue();
        assertThat(engine.counts().closed()).containsEntry(CloseReason.DRAINED, 1L);
        assertThat(apply(rule("a", 1, ""))).isNotEmpty();
    }

    @Test
    void recordThatNoSinkHasRoomForIsCounted() {
        engine.handler(handler);
        engine.sink(r -> false);
        apply(rule("a", 1, ""));
        transport.connectTo(1);

        handler.flows.getFirst().closed(CloseReason.COMPLETED);

        assertThat(engine.counts().recordsDropped()).isEqualTo(1);
    }
}
