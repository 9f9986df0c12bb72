// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.LayerFacts;
import io.portunus.flow.spi.LayerHost;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.SecureListener;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.model.Decision;
import io.portunus.model.Layers;
import io.portunus.model.Listener;
import io.portunus.model.Prelude;
import io.portunus.model.Rule;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer on a stream of a flow: what it is given, how long it may take, and what it costs to be broken. */
class SecuringTest extends EngineSetup {
    private static final LayerFacts FACTS = new LayerFacts("TESTv1", Optional.empty());
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Wrapping wrapping = new Wrapping();
    private final List<String> calls = new ArrayList<>();
    private Optional<Stream> above = Optional.empty();

    /** Has the only flow wrapped at once. */
    private final class Wrapping implements FlowHandler, SecureListener {
        private ByteBuffer received = ByteBuffer.allocate(0);
        private Optional<StreamFlow> flow = Optional.empty();
        private Optional<Cancellable> securing = Optional.empty();

        @Override
        public String kind() {
            return TCP;
        }

        @Override
        public void accepted(Stream downstream, Listener listener, StreamFlow its) {
            flow = Optional.of(its);
            its.onEnd(reason -> {
                above.orElse(downstream).reset();
                its.closed(reason);
            });
            if (listener.route(Prelude.NONE, downstream.peer().getAddress()) instanceof Decision.Routed routed) {
                its.routed(routed.route());
                securing = its.secure(LayerRequest.downstream("x", downstream, received, LIMIT), this);
            }
        }

        @Override
        public void taken() {
            calls.add("taken");
        }

        @Override
        public void secured(Stream its, LayerFacts facts) {
            calls.add("secured " + facts.protocol());
            above = Optional.of(its);
        }

        @Override
        public void failed(CloseReason reason) {
            calls.add("failed " + reason.code());
        }
    }

    private record Layer(Function<LayerHost, Cancellable> begins) implements StreamLayer {
        @Override
        public String kind() {
            return "x";
        }

        @Override
        public Cancellable begin(LayerHost host) {
            return begins.apply(host);
        }
    }

    /** Reads so much at a time, and reports what it was answered. */
    private record Reads(int atMost, Consumer<Integer> answers) implements StreamEvents {
        @Override
        public void readable(Stream stream) {
            int read = stream.read(ByteBuffer.allocate(atMost));
            answers.accept(read);
            if (read < 0) {
                stream.interest(false, false);
            }
        }

        @Override
        public void writable(Stream stream) {
            throw new AssertionError("nobody asked for it");
        }
    }

    @BeforeEach
    void serve() {
        sink(new Records(records));
        run(wrapping, "1.0.0");
    }

    private MemoryStream connect(Function<LayerHost, Cancellable> layer) {
        comes(new Layer(layer), Post.layer("x"), "x.layer", "2.0.0");
        Rule rule = rule("a", 1, "");
        apply(rule.withSockets(rule.sockets().withLayers(new Layers(Optional.of("x"), Optional.empty()))));
        return transport.connectTo(1);
    }

    private ProviderView layer() {
        return engine.providers().stream().filter(p -> p.role() == ProviderView.Role.LAYER).findFirst().orElseThrow();
    }

    private static Cancellable reading(LayerHost host, int atMost, Consumer<Integer> answers) {
        host.below().events(new Reads(atMost, answers));
        host.below().interest(true, false);
        return () -> { };
    }

    @Test
    void whatWasReadBeforeIsAnnouncedAsASocketWouldAndReportedOnceItIsTaken() {
        List<Integer> answers = new ArrayList<>();
        wrapping.received = ByteBuffer.wrap(new byte[] {1, 2, 3});

        MemoryStream client = connect(host -> reading(host, 2, answers::add));

        assertThat(answers).containsExactly(2, 1);
        assertThat(calls).containsExactly("taken");
        client.peerSends(new byte[2]);
        assertThat(answers).containsExactly(2, 1, 2);
    }

    @Test
    void handshakeIsBoundedInBytesAndWhatFollowsIsNot() {
        List<Integer> answers = new ArrayList<>();
        List<LayerHost> hosts = new ArrayList<>();
        MemoryStream client = connect(host -> {
            hosts.add(host);
            return reading(host, StreamLayer.MAX_HANDSHAKE_BYTES / 2, answers::add);
        });

        client.peerSends(new byte[StreamLayer.MAX_HANDSHAKE_BYTES + 1]);
        assertThat(answers).containsExactly(StreamLayer.MAX_HANDSHAKE_BYTES / 2, StreamLayer.MAX_HANDSHAKE_BYTES / 2, Stream.RESET);

        hosts.getFirst().secured(hosts.getFirst().below(), FACTS);
        assertThat(hosts.getFirst().below().read(ByteBuffer.allocate(5))).isEqualTo(1);
    }

    @Test
    void handshakeIsBoundedInTimeAndCalledOff() {
        int[] calledOff = {0};
        List<LayerHost> hosts = new ArrayList<>();
        connect(host -> {
            hosts.add(host);
            return () -> calledOff[0]++;
        });

        loop.pass(LIMIT);
        hosts.getFirst().secured(hosts.getFirst().below(), FACTS);
        hosts.getFirst().failed(CloseReason.SECURE_FAILED);

        assertThat(calls).containsExactly("failed secure_timeout");
        assertThat(calledOff[0]).isEqualTo(1);
    }

    @Test
    void layerThatAnswersAtOnceIsHeardOnce() {
        connect(host -> {
            host.secured(host.below(), FACTS);
            host.failed(CloseReason.SECURE_FAILED);
            return () -> calls.add("called off");
        });

        loop.pass(LIMIT);
        wrapping.securing.orElseThrow().cancel();

        assertThat(calls).containsExactly("secured TESTv1");
    }

    @Test
    void whatCallsItOffLeavesTheStreamOpen() {
        int[] calledOff = {0};
        MemoryStream client = connect(host -> () -> calledOff[0]++);

        wrapping.securing.orElseThrow().cancel();
        wrapping.securing.orElseThrow().cancel();

        assertThat(calledOff[0]).isEqualTo(1);
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.OPEN);
        assertThat(calls).isEmpty();
    }

    private void costsItsFlowOnly(MemoryStream client) {
        assertThat(client.wasReset()).isTrue();
        assertThat(records).extracting(FlowRecord::reason).containsExactly(CloseReason.INTERNAL_ERROR);
        assertThat(layer().faults()).isEqualTo(1);
        assertThat(layer().active()).isZero();
        assertThat(layer().closed()).containsEntry(CloseReason.INTERNAL_ERROR, 1L);
        assertThat(engine.providers().stream().filter(p -> p.role() == ProviderView.Role.HANDLER).mapToLong(ProviderView::faults).sum()).isZero();
    }

    @Test
    void layerThatThrowsAtTheBeginningIsCharged() {
        costsItsFlowOnly(connect(host -> {
            throw new IllegalStateException("as the test wants");
        }));
    }

    @Test
    void layerThatThrowsInAnEventIsCharged() {
        MemoryStream client = connect(host -> {
            host.below().events(new Throwing());
            host.below().interest(true, false);
            return () -> { };
        });

        client.peerSends(new byte[1]);

        costsItsFlowOnly(client);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void layerThatThrowsLaterIsCharged(boolean timer) {
        List<LayerHost> hosts = new ArrayList<>();
        MemoryStream client = connect(host -> {
            hosts.add(host);
            return () -> { };
        });

        Runnable broken = () -> {
            throw new IllegalStateException("as the test wants");
        };
        if (timer) {
            hosts.getFirst().after(Duration.ofSeconds(1), broken);
            loop.pass(Duration.ofSeconds(1));
        } else {
            hosts.getFirst().run(broken);
        }

        costsItsFlowOnly(client);
    }

    @Test
    void whatALayerHoldsCountsAndIsGivenBackWithTheFlow() {
        connect(host -> {
            host.held(1000);
            return () -> { };
        });
        assertThat(engine.counts().capacity().bufferedBytes()).isEqualTo(1000);

        wrapping.flow.orElseThrow().closed(CloseReason.KILLED);

        assertThat(engine.counts().capacity().bufferedBytes()).isZero();
    }

    @Test
    void flowsInTheirHandshakeGiveWayToEachOther() {
        int most = 700 * 1024;
        MemoryStream first = connect(host -> {
            host.held(most);
            return () -> { };
        });

        MemoryStream second = transport.connectTo(1);

        assertThat(List.of(first.wasReset(), second.wasReset())).containsExactlyInAnyOrder(true, false);
        assertThat(records).extracting(FlowRecord::reason).containsExactly(CloseReason.BUFFERS_FULL);
        assertThat(engine.counts().capacity().bufferedBytes()).isEqualTo(most);
    }

    @Test
    void flowThatHasItsTargetGivesWayToNobody() {
        int most = 700 * 1024;
        MemoryStream first = connect(host -> {
            host.held(most);
            return () -> { };
        });
        wrapping.flow.orElseThrow().connected(rule("a", 1, "").targets().targets().getFirst(), new InetSocketAddress("127.0.0.1", 9));

        MemoryStream second = transport.connectTo(1);

        assertThat(first.wasReset()).isFalse();
        assertThat(second.wasReset()).isTrue();
    }

    @Test
    void flowHoldsItsLayerToTheEnd() {
        MemoryStream client = connect(host -> {
            host.secured(host.below(), FACTS);
            return () -> { };
        });

        assertThat(engine.held("x.layer", "2.0.0")).isEqualTo(1);
        assertThat(engine.flows()).singleElement().satisfies(flow -> assertThat(flow.handlers()).containsEntry("x.layer", "2.0.0"));
        above.orElseThrow().close();
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.CLOSED);
        wrapping.flow.orElseThrow().closed(CloseReason.COMPLETED);
        assertThat(engine.held("x.layer", "2.0.0")).isZero();
    }

    @Test
    void kindThatNobodyHasIsALackThatHaltsNothingForLong() {
        Rule rule = rule("a", 1, "");
        apply(rule.withSockets(rule.sockets().withLayers(new Layers(Optional.empty(), Optional.of("x")))));
        loop.pass(Absences.GRACE);
        transport.connectTo(1);

        assertThat(wrapping.securing).isEmpty();
        assertThat(engine.missing().halting()).isEmpty();
        assertThat(engine.lacks()).singleElement().satisfies(problem -> assertThat(problem.text())
            .contains("no layer x is running, and the rule 'a' asks for it"));
        assertThat(engine.unserved()).isEmpty();
    }
}
