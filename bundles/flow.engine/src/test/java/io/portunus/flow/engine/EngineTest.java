// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Cidr;
import io.portunus.model.Listener;
import io.portunus.model.Protocol;
import io.portunus.model.Timeouts;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineTest extends EngineSetup {
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
        run(handler, "1.2.3");
        sink(new Records(records));
        apply(rule("a", 1, ""));

        transport.connectTo(1);
        handler.flows.getFirst().movedIn(3);
        handler.flows.getFirst().movedOut(5);
        assertThat(engine.flows()).singleElement().satisfies(f -> {
            assertThat(f.rule()).isEqualTo("a");
            assertThat(f.handlers()).isEqualTo(Map.of("x.tcp", "1.2.3", "x.transport", "1.0.0"));
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
    void countsHowLongFlowsTakeWhenTheyEnd() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));

        transport.connectTo(1);
        assertThat(engine.times().orElseThrow().life().counts().stream().mapToLong(Long::longValue).sum()).isZero();
        handler.flows.getFirst().closed(CloseReason.COMPLETED);

        assertThat(engine.times().orElseThrow().life().counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
        assertThat(engine.times().orElseThrow().connect().counts().stream().mapToLong(Long::longValue).sum()).isZero();
    }

    @Test
    void connectionBeyondTheCeilingIsReset() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));

        for (int i = 0; i < 3; i++) {
            assertThat(transport.connectTo(1).wasReset()).isFalse();
        }

        assertThat(transport.connectTo(1).wasReset()).isTrue();
        assertThat(engine.counts().closed()).containsEntry(CloseReason.MAX_CONNECTIONS, 1L);
        assertThat(engine.counts().active()).isEqualTo(3);
    }

    @Test
    void connectionWaitsForAHandler() {
        apply(rule("a", 1, ""));
        MemoryStream early = transport.connectTo(1);
        assertThat(engine.lacks()).isNotEmpty();

        run(handler, "1.2.3");

        assertThat(handler.flows).hasSize(1);
        assertThat(early.wasReset()).isFalse();
        loop.pass(Duration.ofSeconds(10));
        assertThat(early.wasReset()).isFalse();
    }

    @Test
    void connectionThatNoHandlerTakesIsResetAfterThreeSeconds() {
        apply(rule("a", 1, ""));
        MemoryStream early = transport.connectTo(1);

        loop.pass(HandlerQueue.PATIENCE);

        assertThat(early.wasReset()).isTrue();
        assertThat(engine.counts().closed()).containsEntry(CloseReason.NO_HANDLER, 1L);
    }

    @Test
    void noMoreWaitThanMayBeOpen() {
        apply(rule("a", 1, ""));
        for (int i = 0; i < 3; i++) {
            transport.connectTo(1);
        }

        assertThat(transport.connectTo(1).wasReset()).isTrue();
    }

    @Test
    void connectionOfANamedPortWaitsForItsInspector() {
        run(handler, "1.2.3");
        apply(rule("a", 1, "a.test"));
        transport.connectTo(1);
        assertThat(handler.flows).isEmpty();
        assertThat(engine.lacks()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("inspector.tls"));

        comes(new Named("tls"), Post.inspector(Protocol.TCP, "tls"), "x.tls", "1.0.0");

        assertThat(handler.flows).hasSize(1);
        assertThat(engine.lacks()).isEmpty();
    }

    @Test
    void handlerThatIsReplacedKeepsItsPlaceUntilTheNewOneHasIt() {
        run(handler, "1.2.3");
        Holding newer = new Holding();
        apply(rule("a", 1, ""));

        run(newer, "1.2.4");
        engine.goes(handler);
        transport.connectTo(1);

        assertThat(newer.flows).hasSize(1);
    }

    @Test
    void killsOneFlow() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        MemoryStream first = transport.connectTo(1);
        MemoryStream second = transport.connectTo(1);

        assertThat(engine.kill(handler.flows.getFirst().id())).isTrue();

        assertThat(first.wasReset()).isTrue();
        assertThat(second.wasReset()).isFalse();
        assertThat(engine.kill(99)).isFalse();
    }

    @Test
    void drainStopsListeningAndEndsWhatIsLeft() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        MemoryStream open = transport.connectTo(1);

        assertThat(engine.drain(Duration.ofMillis(10))).isEqualTo(1);

        assertThat(transport.bound).isEmpty();
        assertThat(open.wasReset()).isTrue();
        assertThat(engine.counts().closed()).containsEntry(CloseReason.DRAINED, 1L);
        assertThat(apply(rule("a", 1, ""))).isNotEmpty();
    }

    @Test
    void newFlowsGoToTheVersionThatIsPreferredAndOldOnesStay() {
        Holding newer = new Holding();
        run(handler, "1.2.3");
        run(newer, "1.2.4");
        apply(rule("a", 1, ""));

        transport.connectTo(1);
        assertThat(engine.prefer("x.tcp", "1.2.4")).isTrue();
        transport.connectTo(1);

        assertThat(handler.flows).hasSize(1);
        assertThat(newer.flows).hasSize(1);
        assertThat(engine.providers()).filteredOn(p -> p.bundle().equals("x.tcp")).extracting(p -> p.version() + " " + p.serving() + " " + p.active())
            .containsExactly("1.2.3 false 1", "1.2.4 true 1");
        engine.prefer("x.tcp", "1.2.3");
        transport.connectTo(1);
        assertThat(handler.flows).hasSize(2);
    }

    @Test
    void versionThatIsPreferredAndNotThereLeavesTheOther() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));

        assertThat(engine.prefer("x.tcp", "9.9.9")).isFalse();
        transport.connectTo(1);

        assertThat(handler.flows).hasSize(1);
    }

    @Test
    void pinKeepsTheFlowsOfItsRuleOrSourceOnAVersion() {
        Holding newer = new Holding();
        run(handler, "1.2.3");
        run(newer, "1.2.4");
        engine.prefer("x.tcp", "1.2.4");
        apply(rule("a", 1, ""), rule("b", 2, ""));

        engine.pins(List.of(new VersionPin(Optional.of("a"), Optional.empty(), "x.tcp", "1.2.3")));
        transport.connectTo(1);
        transport.connectTo(2);
        assertThat(handler.flows).hasSize(1);
        assertThat(newer.flows).hasSize(1);

        engine.pins(List.of(new VersionPin(Optional.empty(), Cidr.parse("127.0.0.0/8"), "x.tcp", "1.2.3")));
        transport.connectTo(2);
        assertThat(handler.flows).hasSize(2);
    }

    @Test
    void handlerThatThrowsLosesItsOwnFlowOnly() {
        sink(new Records(records));
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        MemoryStream whole = transport.connectTo(1);
        MemoryStream broken = transport.connectTo(1);
        StreamFlow flow = handler.flows.getLast();
        flow.connect(ConnectSpec.to(new InetSocketAddress("127.0.0.1", 9)), new ConnectListener() {
            @Override
            public void connected(Stream stream) {
                stream.events(new Throwing());
                stream.interest(true, false);
            }

            @Override
            public void failed(ConnectFailure why) {
                throw new AssertionError(why);
            }
        });
        MemoryStream target = new MemoryStream(loop);
        transport.targets.getFirst().connected(target);

        target.peerSends(new byte[1]);

        assertThat(broken.wasReset()).isTrue();
        assertThat(target.wasReset()).isTrue();
        assertThat(whole.wasReset()).isFalse();
        assertThat(records).singleElement().satisfies(r -> assertThat(r.reason()).isEqualTo(CloseReason.INTERNAL_ERROR));
        assertThat(engine.providers().getLast().faults()).isEqualTo(1);
        assertThat(engine.providers().getLast().closed()).containsEntry(CloseReason.INTERNAL_ERROR, 1L);
        flow.closed(CloseReason.COMPLETED);
        assertThat(records).hasSize(1);
    }

    @Test
    void inspectorThatThrowsRefusesItsConnection() {
        run(handler, "1.2.3");
        comes(new Named("tls"), Post.inspector(Protocol.TCP, "tls"), "x.tls", "1.0.0");
        apply(rule("a", 1, "a.test"));
        transport.connectTo(1);

        assertThat(handler.flows.getFirst().inspect("tls")).isEmpty();

        assertThat(engine.providers().getLast().faults()).isEqualTo(1);
    }

    @Test
    void flowWhoseHandlerDoesNothingCanBeEnded() {
        FlowHandler idle = new FlowHandler() {
            @Override
            public String kind() {
                return TCP;
            }

            @Override
            public void accepted(Stream downstream, Listener listener, StreamFlow flow) {
                // Never answers.
            }
        };
        run(idle, "1.0.0");
        apply(rule("a", 1, ""));
        MemoryStream stuck = transport.connectTo(1);

        assertThat(engine.end("x.tcp", "2.0.0", CloseReason.HANDLER_STALLED)).isZero();
        assertThat(engine.end("x.tcp", "1.0.0", CloseReason.HANDLER_STALLED)).isEqualTo(1);

        assertThat(stuck.wasReset()).isTrue();
        assertThat(engine.flows()).isEmpty();
    }

    @Test
    void flowsOfARuleThatWentGetItsDrainAndThoseOfOthersStay() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""), rule("b", 2, ""));
        MemoryStream ofA = transport.connectTo(1);
        MemoryStream ofB = transport.connectTo(2);

        apply(rule("b", 2, ""));
        loop.pass(Timeouts.DEFAULT.drain().minusSeconds(1));
        assertThat(ofA.wasReset()).isFalse();
        loop.pass(Duration.ofSeconds(1));

        assertThat(ofA.wasReset()).isTrue();
        assertThat(ofB.wasReset()).isFalse();
    }

    @Test
    void flowsOfARuleThatCameBackStay() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        MemoryStream open = transport.connectTo(1);

        apply();
        apply(rule("a", 1, ""));
        loop.pass(Timeouts.DEFAULT.drain());

        assertThat(open.wasReset()).isFalse();
    }

    @Test
    void waitGoesOnWhenOnlyAPartOfWhatIsMissingCame() {
        apply(rule("a", 1, "a.test"));
        MemoryStream early = transport.connectTo(1);
        loop.pass(Duration.ofSeconds(2));

        run(handler, "1.2.3");
        assertThat(handler.flows).isEmpty();
        loop.pass(Duration.ofSeconds(1));

        assertThat(early.wasReset()).isTrue();
    }

    @Test
    void ceilingsFollowTheConfiguration() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        engine.ceilings(ceilings(1, 1, 1 << 20));

        assertThat(transport.connectTo(1).wasReset()).isFalse();
        assertThat(transport.connectTo(1).wasReset()).isTrue();
    }
}
