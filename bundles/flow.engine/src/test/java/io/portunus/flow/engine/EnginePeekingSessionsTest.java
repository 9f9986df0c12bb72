// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramInspector;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Datagrams;
import io.portunus.model.Decision;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.Offer;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Protocols;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions whose rule is not known when they begin: whose they are until then, and what an inspector of datagrams may cost. */
class EnginePeekingSessionsTest extends EngineSetup {
    private static final InetSocketAddress NODE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 443);
    private static final Datagrams ONE_SESSION = Datagrams.DEFAULT.with(Datagrams.Caps.of(1));

    private final DatagramBatch batch = new DatagramBatch(4, 64);
    private final Peeking peeking = new Peeking();
    private final FirstWord inspector = new FirstWord();

    /** A word that ends with a full stop is a name; a question mark makes it throw. */
    private static final class FirstWord implements DatagramInspector {
        @Override
        public String kind() {
            return Prelude.QUIC;
        }

        @Override
        public DatagramInspection begin() {
            return new DatagramInspection() {
                @Override
                public Verdict inspect(ByteBuffer datagram) {
                    String word = StandardCharsets.US_ASCII.decode(datagram.duplicate()).toString();
                    if (word.endsWith("?")) {
                        throw new IllegalStateException("a question");
                    }
                    return !word.endsWith(".") ? Verdict.MORE : new Verdict.Recognised(
                        new Prelude(Prelude.QUIC, Optional.of(word.substring(0, word.length() - 1)), List.of(), false));
                }

                @Override
                public int kept() {
                    return 7;
                }

                @Override
                public byte[] refusal(CloseReason reason) {
                    return new byte[0];
                }
            };
        }
    }

    /** Begins a session with each client, and has it enter the rule of its name. */
    private static final class Peeking implements DatagramHandler {
        final List<DatagramFlow> flows = new ArrayList<>();
        final List<Verdict> verdicts = new ArrayList<>();
        final List<Boolean> entered = new ArrayList<>();

        @Override
        public String kind() {
            return UDP;
        }

        @Override
        public void arrived(DatagramBatch batch, int first, int end, DatagramListener listener) {
            DatagramInspection look = listener.inspect(Prelude.QUIC, batch.peer(first).getAddress()).orElseThrow();
            DatagramFlow[] its = new DatagramFlow[1];
            listener.begin(batch, first, (from, one, last) -> look(listener, look, its[0], from, one)).ifPresent(flow -> {
                its[0] = flow;
                flows.add(flow);
                flow.onEnd(flow::closed);
                assertThat(flow.beginPeek()).isTrue();
                look(listener, look, flow, batch, first);
            });
        }

        private void look(DatagramListener listener, DatagramInspection look, DatagramFlow flow, DatagramBatch from, int entry) {
            ByteBuffer bytes = ByteBuffer.allocate(64);
            from.copy(entry, bytes);
            Verdict verdict = look.inspect(bytes.flip());
            verdicts.add(verdict);
            if (verdict instanceof Verdict.Recognised match
                    && listener.routes().route(match.prelude(), flow.addresses().client().getAddress()) instanceof Decision.Routed routed) {
                flow.endPeek();
                entered.add(flow.enter(routed.route()));
                flow.routed(routed.route());
            }
        }
    }

    @BeforeEach
    void run() {
        comes(peeking, new Post(Role.HANDLER, DatagramHandler.UDP), "x.udp", "1.0.0");
        comes(inspector, Post.inspector(Protocol.UDP, Prelude.QUIC), "x.quic", "1.0.0");
    }

    private static Rule named(String name) {
        Match match = Match.ofSni(Protocols.UDP, Optional.of(HostPattern.parse(name + ".test")));
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(443)), match, TargetAddress.parse("t.test:1")).withProtocol(Protocol.UDP);
    }

    private void send(int client, String text) throws ListenException {
        InetSocketAddress from = new InetSocketAddress(InetAddress.ofLiteral("198.51.100.7"), client);
        DatagramPort port = transport.datagrams(loop, DatagramSpec.at(from)).orElseThrow();
        batch.clear();
        batch.peer(batch.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))), NODE);
        port.send(batch, 0, 1);
        port.close();
    }

    private long sessions(String rule) {
        return engine.counts().rules().stream().filter(its -> its.rule().equals(rule)).findFirst().orElseThrow().sessions();
    }

    @Test
    void sessionIsOfNoRuleUntilItsNameIsKnown() throws ListenException {
        assertThat(apply(named("a").withDatagrams(ONE_SESSION), named("b"))).isEmpty();
        send(1, "a.te");

        assertThat(engine.flows()).hasSize(1);
        assertThat(sessions("a")).isZero();
        send(1, "a.test.");
        assertThat(sessions("a")).isOne();
        assertThat(sessions("b")).isZero();
        assertThat(peeking.entered).containsExactly(true);
    }

    @Test
    void ruleThatIsFullTakesNoneThatBeganWithoutIt() throws ListenException {
        apply(named("a").withDatagrams(ONE_SESSION));
        send(1, "a.test.");
        send(2, "a.test.");

        assertThat(peeking.entered).containsExactly(true, false);
        assertThat(engine.counts().rules().getFirst().datagrams().dropped(DatagramDrop.OVERFLOW)).isOne();
        peeking.flows.getFirst().closed(CloseReason.IDLE_TIMEOUT);
        send(3, "a.test.");
        assertThat(peeking.entered).endsWith(true);
    }

    @Test
    void inspectorThatThrowsHasRecognisedNothingAndIsCharged() throws ListenException {
        apply(named("a"));
        send(1, "what?");

        assertThat(peeking.verdicts).singleElement().isInstanceOf(Verdict.No.class);
        assertThat(engine.providers().stream().filter(its -> its.role() == Role.DATAGRAM_INSPECTOR).findFirst().orElseThrow().faults()).isOne();
    }

    @Test
    void lookStaysWithTheVersionThatBeganIt() throws ListenException {
        apply(named("a"));
        send(1, "a.te");
        comes(new FirstWord(), Post.inspector(Protocol.UDP, Prelude.QUIC), "x.quic", "2.0.0");
        engine.prefer("x.quic", "2.0.0");
        send(2, "a.te");

        assertThat(engine.held("x.quic", "1.0.0")).isOne();
        assertThat(engine.held("x.quic", "2.0.0")).isOne();
    }

    @Test
    void inspectorOfConnectionsIsNoneOfDatagrams() {
        engine.goes(inspector);
        comes(new Named(Prelude.QUIC), Post.inspector(Protocol.TCP, Prelude.QUIC), "x.other", "1.0.0");
        apply(named("a"));

        assertThat(engine.unserved()).containsExactly(Offer.inspector(Protocol.UDP, Prelude.QUIC));
        assertThat(engine.lacks()).anySatisfy(problem -> assertThat(problem.path()).isEqualTo("datagram_inspector.quic"));
    }
}
