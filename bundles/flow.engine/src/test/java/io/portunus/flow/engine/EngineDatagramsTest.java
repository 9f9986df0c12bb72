// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.api.RuleCounts;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.model.Datagrams;
import io.portunus.model.Decision;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions of datagrams: whose they are, what outlives what, and what is refused. */
class EngineDatagramsTest extends EngineSetup {
    private static final String NODE = "192.0.2.1";

    private final DatagramBatch batch = new DatagramBatch(4, 64);
    private final Answering first = new Answering("one ");

    /** Answers each datagram with itself, behind the handler's name. */
    private static final class Answering implements DatagramHandler {
        final String name;
        final List<DatagramFlow> flows = new ArrayList<>();
        boolean broken;

        Answering(String name) {
            this.name = name;
        }

        @Override
        public String kind() {
            return UDP;
        }

        @Override
        public void arrived(DatagramBatch batch, int first, int end, DatagramListener listener) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            Decision decision = listener.routes().route(Prelude.NONE, batch.peer(first).getAddress());
            if (!(decision instanceof Decision.Routed routed)) {
                listener.refused(CloseReason.SOURCE_DENIED, end - first);
                return;
            }
            DatagramFlow[] its = new DatagramFlow[1];
            Optional<DatagramFlow> begun = listener.begin(batch, first, routed.route(), (from, one, last) -> answer(its[0], from, one, last));
            begun.ifPresent(flow -> {
                its[0] = flow;
                flows.add(flow);
                flow.onEnd(flow::closed);
                flow.routed(routed.route());
                answer(flow, batch, first, end);
            });
        }

        private void answer(DatagramFlow flow, DatagramBatch from, int one, int last) {
            DatagramBatch answers = new DatagramBatch(4, 64);
            for (int entry = one; entry < last; entry++) {
                ByteBuffer bytes = ByteBuffer.allocate(64).put(name.getBytes(StandardCharsets.US_ASCII));
                from.copy(entry, bytes);
                if (bytes.get(bytes.position() - 1) == '!') {
                    throw new IllegalStateException("it shouts");
                }
                answers.add(bytes.flip());
                flow.relayedIn(1, from.length(entry));
            }
            flow.reply(answers, 0, answers.count());
        }
    }

    @BeforeEach
    void run() {
        comes(first, new Post(Role.HANDLER, DatagramHandler.UDP), "x.udp", "1.0.0");
    }

    private static Rule udp(String name, int port) {
        return rule(name, port, "").withProtocol(Protocol.UDP);
    }

    private DatagramPort client(int port) throws ListenException {
        return client("198.51.100.7", port);
    }

    private DatagramPort client(String address, int port) throws ListenException {
        return transport.datagrams(loop, DatagramSpec.at(new InetSocketAddress(InetAddress.ofLiteral(address), port))).orElseThrow();
    }

    /** What a client hears when it sends something; empty for nothing. */
    private String ask(DatagramPort client, String text) {
        batch.clear();
        batch.peer(batch.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))), new InetSocketAddress(InetAddress.ofLiteral(NODE), 53));
        client.send(batch, 0, 1);
        if (client.receive(batch) < 1) {
            return "";
        }
        ByteBuffer bytes = ByteBuffer.allocate(batch.length(0));
        batch.copy(0, bytes);
        assertThat(batch.peer(0)).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(NODE), 53));
        return new String(bytes.array(), StandardCharsets.US_ASCII);
    }

    private RuleCounts counts(String rule) {
        return engine.counts().rules().stream().filter(its -> its.rule().equals(rule)).findFirst().orElseThrow();
    }

    @Test
    void sessionsStayWithTheVersionThatBeganThemAndNewOnesGoToTheOneThatServes() throws ListenException {
        assertThat(apply(udp("dns", 53))).isEmpty();
        DatagramPort old = client(1);
        assertThat(ask(old, "a")).isEqualTo("one a");
        Answering second = new Answering("two ");
        comes(second, new Post(Role.HANDLER, DatagramHandler.UDP), "x.udp", "2.0.0");
        engine.prefer("x.udp", "2.0.0");
        engine.goes(first);

        assertThat(ask(old, "b")).isEqualTo("one b");
        assertThat(ask(client(2), "c")).isEqualTo("two c");
        assertThat(engine.flows()).extracting(FlowView::listener).containsOnly("*:53/udp").hasSize(2);
        assertThat(engine.held("x.udp", "1.0.0")).isOne();
        assertThat(engine.end("x.udp", "1.0.0", CloseReason.KILLED)).isOne();
        assertThat(ask(old, "d")).isEqualTo("two d");
    }

    @Test
    void whatIsBeyondTheSessionsOfARuleIsDroppedAndCountedAndLeavesNoRecord() throws ListenException {
        apply(udp("dns", 53).withDatagrams(Datagrams.DEFAULT.with(Datagrams.Caps.of(1))));
        engine.sink(new Records(records), SINK);
        DatagramPort one = client(1);
        assertThat(ask(one, "a")).isEqualTo("one a");

        assertThat(ask(client(2), "b")).isEmpty();
        assertThat(ask(one, "c")).isEqualTo("one c");
        assertThat(counts("dns").datagrams().dropped(DatagramDrop.OVERFLOW)).isOne();
        assertThat(counts("dns").sessions()).isOne();
        assertThat(records).isEmpty();
        first.flows.getFirst().closed(CloseReason.IDLE_TIMEOUT);
        assertThat(ask(client(3), "d")).isEqualTo("one d");
        assertThat(records).singleElement().satisfies(record -> assertThat(record.datagramsIn()).isEqualTo(2));
    }

    /** A flood of forged clients displaces nobody but itself: whoever has sent again stays, however long ago that was. */
    @Test
    void whoHasSentOnceAndWasSilentLongestGivesWayWhereTheRuleHasItSo() throws ListenException {
        apply(udp("dns", 53).withDatagrams(Datagrams.DEFAULT.with(new Datagrams.Caps(3, 0, true))));
        engine.sink(new Records(records), SINK);
        DatagramPort known = client(1);
        assertThat(ask(known, "a")).isEqualTo("one a");
        assertThat(ask(known, "b")).isEqualTo("one b");
        for (int port = 2; port < 9; port++) {
            assertThat(ask(client(port), "x")).isEqualTo("one x");
        }

        assertThat(ask(known, "c")).isEqualTo("one c");
        assertThat(counts("dns").sessions()).isEqualTo(3);
        assertThat(counts("dns").datagrams().dropped(DatagramDrop.OVERFLOW)).isZero();
        assertThat(records).hasSize(5).allSatisfy(record -> assertThat(record.reason()).isEqualTo(CloseReason.EVICTED));
        assertThat(records.getFirst().peer().getPort()).isEqualTo(2);
    }

    /** Of those who have sent again, the one that neither sent nor was answered for longest. */
    @Test
    void amongThoseWhoHaveSentAgainTheOneThatWasSilentLongestGivesWay() throws ListenException {
        apply(udp("dns", 53).withDatagrams(Datagrams.DEFAULT.with(new Datagrams.Caps(2, 0, true))));
        engine.sink(new Records(records), SINK);
        DatagramPort one = client(1);
        DatagramPort two = client(2);
        for (DatagramPort sender : List.of(one, two, two, one)) {
            ask(sender, "a");
        }
        assertThat(ask(client(3), "b")).isEqualTo("one b");

        assertThat(records).singleElement().satisfies(record -> assertThat(record.peer().getPort()).isEqualTo(2));
        assertThat(ask(one, "c")).isEqualTo("one c");
    }

    /** Nobody gives way to who is refused all the same. */
    @Test
    void aSourceThatHasItsShareDisplacesNobody() throws ListenException {
        apply(udp("dns", 53).withDatagrams(Datagrams.DEFAULT.with(new Datagrams.Caps(2, 1, true))));
        engine.sink(new Records(records), SINK);
        DatagramPort other = client("198.51.100.8", 1);
        ask(other, "a");
        ask(client("198.51.100.7", 1), "b");

        assertThat(ask(client("198.51.100.7", 2), "c")).isEmpty();
        assertThat(records).isEmpty();
    }

    @Test
    void noSourceHasMoreSessionsThanItMayAndOthersDoNotNotice() throws ListenException {
        apply(udp("dns", 53).withDatagrams(Datagrams.DEFAULT.with(new Datagrams.Caps(10, 2, false))));
        assertThat(ask(client(1), "a")).isEqualTo("one a");
        assertThat(ask(client(2), "b")).isEqualTo("one b");

        assertThat(ask(client(3), "c")).isEmpty();
        assertThat(counts("dns").datagrams().dropped(DatagramDrop.SOURCE_OVERFLOW)).isOne();
        assertThat(ask(client("198.51.100.8", 3), "d")).isEqualTo("one d");
        first.flows.getFirst().closed(CloseReason.IDLE_TIMEOUT);
        assertThat(ask(client(2 + 2), "e")).isEqualTo("one e");
        assertThat(counts("dns").sessions()).isEqualTo(3);
    }

    @Test
    void sessionsOutliveTheirListenerAndOneThatComesBackGoesOnWithTheSockets() throws ListenException {
        apply(udp("dns", 53));
        DatagramPort one = client(1);
        assertThat(ask(one, "a")).isEqualTo("one a");
        apply(rule("web", 80, ""));

        assertThat(ask(one, "b")).isEqualTo("one b");
        assertThat(ask(client(2), "c")).isEmpty();
        assertThat(engine.counts().refusedDatagrams()).containsEntry(CloseReason.DRAINED, 1L);
        assertThat(apply(udp("dns", 53))).isEmpty();
        assertThat(ask(client(3), "d")).isEqualTo("one d");
        assertThat(ask(one, "e")).isEqualTo("one e");
    }

    @Test
    void theLastSessionClosesTheSocketsOfAListenerThatWent() throws ListenException {
        apply(udp("dns", 53));
        assertThat(ask(client(1), "a")).isEqualTo("one a");
        apply(rule("web", 80, ""));
        first.flows.getFirst().closed(CloseReason.IDLE_TIMEOUT);

        assertThat(transport.datagrams(loop, DatagramSpec.at(new InetSocketAddress(53)))).isPresent();
    }

    @Test
    void aHandlerThatThrowsCostsItsOwnSessionAndNoOther() throws ListenException {
        apply(udp("dns", 53));
        engine.sink(new Records(records), SINK);
        DatagramPort one = client(1);
        DatagramPort two = client(2);
        assertThat(ask(one, "a")).isEqualTo("one a");
        assertThat(ask(two, "b")).isEqualTo("one b");

        assertThat(ask(one, "c!")).isEmpty();
        assertThat(ask(two, "d")).isEqualTo("one d");
        assertThat(records).singleElement().satisfies(record -> assertThat(record.reason()).isEqualTo(CloseReason.INTERNAL_ERROR));
        first.broken = true;
        assertThat(ask(client(3), "e")).isEmpty();
        first.broken = false;
        assertThat(ask(client(3 + 1), "f")).isEqualTo("one f");
        assertThat(engine.providers().stream().filter(its -> its.kind().equals("udp")).findFirst().orElseThrow().faults()).isEqualTo(2);
    }

    @Test
    void withoutAHandlerDatagramsAreDroppedAndTheNodeReportsIt() throws ListenException {
        engine.goes(first);
        apply(udp("dns", 53));

        assertThat(ask(client(1), "a")).isEmpty();
        assertThat(engine.counts().refusedDatagrams()).containsEntry(CloseReason.NO_HANDLER, 1L);
        assertThat(engine.lacks()).anySatisfy(problem -> assertThat(problem.path()).isEqualTo("handler.udp"));
    }

    @Test
    void aPortThatSomebodyHasIsReportedAndTheSameOfTcpIsAnother() throws ListenException {
        DatagramPort other = transport.datagrams(loop, DatagramSpec.at(new InetSocketAddress(53))).orElseThrow();

        assertThat(apply(udp("dns", 53), rule("web", 53, ""))).singleElement()
            .satisfies(problem -> assertThat(problem.path()).isEqualTo("listen *:53/udp"));
        other.close();
        assertThat(apply(udp("dns", 53), rule("web", 53, ""))).isEmpty();
    }

    @Test
    void drainEndsSessionsThatAreSilentAndCutsNone() throws ListenException {
        assertThat(apply(udp("dns", 53))).isEmpty();
        assertThat(ask(client(1), "a")).isEqualTo("one a");

        assertThat(engine.drain(Duration.ofMinutes(5))).isZero();

        assertThat(engine.counts().closed()).containsEntry(CloseReason.DRAINED, 1L);
    }
}
