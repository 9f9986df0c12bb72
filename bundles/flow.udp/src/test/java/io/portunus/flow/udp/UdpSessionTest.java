// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.memory.MemoryDatagrams;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemorySession;
import io.portunus.flow.memory.MemorySessions;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.Datagrams;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.Timeouts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class UdpSessionTest {
    private static final InetSocketAddress NODE = at("192.0.2.1", 53);
    private static final InetSocketAddress FIRST = at("192.0.2.8", 1);
    private static final InetSocketAddress SECOND = at("192.0.2.9", 1);

    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryDatagrams network = new MemoryDatagrams();
    private final DatagramBatch batch = new DatagramBatch(40, 64);
    /** Done to each session before it begins. */
    private Consumer<MemorySession> prepare = session -> { };

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Rule rule() {
        List<Target> targets = List.of(Target.of(TargetAddress.parse("192.0.2.8:1")), Target.of(TargetAddress.parse("192.0.2.9:1")));
        return Rule.of(1, "r", List.of(PortRange.of(53)), Match.ANY, TargetAddress.parse("192.0.2.8:1")).withProtocol(Protocol.UDP)
            .withTargets(TargetGroup.of(TargetAddress.parse("192.0.2.8:1")).with(targets));
    }

    private MemorySessions node(Rule rule) throws ListenException {
        UdpHandler handler = new UdpHandler(loop::nanos);
        return new MemorySessions(network, loop, ForwardingTable.compile(new RuleSet("", List.of(rule)))
            .listener(new ListenKey(Protocol.UDP, Optional.empty(), 53)).orElseThrow(), new DatagramHandler() {
                @Override
                public String kind() {
                    return handler.kind();
                }

                @Override
                public void arrived(DatagramBatch from, int first, int end, DatagramListener listener) {
                    handler.arrived(from, first, end, new Preparing(listener, prepare));
                }
            }, NODE);
    }

    private DatagramPort open(InetSocketAddress address) throws ListenException {
        return network.open(loop, DatagramSpec.at(address));
    }

    private void send(DatagramPort port, InetSocketAddress to, String... texts) {
        batch.clear();
        for (String text : texts) {
            batch.peer(batch.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))), to);
        }
        port.send(batch, 0, batch.count());
    }

    private List<String> received(DatagramPort port) {
        List<String> texts = new ArrayList<>();
        port.receive(batch);
        for (int entry = 0; entry < batch.count(); entry++) {
            ByteBuffer bytes = ByteBuffer.allocate(batch.length(entry));
            batch.copy(entry, bytes);
            texts.add(new String(bytes.array(), StandardCharsets.US_ASCII));
        }
        return texts;
    }

    @Test
    void datagramsWaitInOrderForATargetAndWhatIsBeyondIsDropped() throws ListenException {
        prepare = session -> session.selection.waits = true;
        MemorySessions node = node(rule());
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        String[] texts = new String[WaitingDatagrams.MAX_DATAGRAMS + 3];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = i % 7 == 0 ? "" : "d" + i;
        }
        send(client, NODE, texts);
        MemorySession session = node.begun.getFirst();
        assertThat(session.kept).isPositive();
        assertThat(received(target)).isEmpty();

        session.selection.answer();
        assertThat(received(target)).containsExactly(Arrays.copyOf(texts, WaitingDatagrams.MAX_DATAGRAMS));
        assertThat(session.dropped).containsEntry(DatagramDrop.PENDING, 3).hasSize(1);
        loop.pass(Duration.ofSeconds(1));
        assertThat(session.kept).isZero();
    }

    @Test
    void aTargetThatNeverAnsweredIsLeftForTheNextWhichGetsWhatItDidNot() throws ListenException {
        MemorySessions node = node(rule());
        DatagramPort client = open(at("198.51.100.1", 9));
        DatagramPort second = open(SECOND);
        send(client, NODE, "one", "two");

        MemorySession session = node.begun.getFirst();
        assertThat(received(second)).containsExactly("one", "two");
        assertThat(session.selection.failures).containsExactly(Failure.REFUSED);
        assertThat(session.connected).containsExactly(FIRST, SECOND);
        assertThat(session.closed).isEmpty();
        send(client, NODE, "three");
        assertThat(received(second)).containsExactly("three");
        assertThat(node.begun).hasSize(1);
    }

    @Test
    void withoutAnotherTargetTheSessionIsOverAndLeavesNothing() throws ListenException {
        MemorySessions node = node(rule());
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "lost");

        MemorySession session = node.begun.getFirst();
        assertThat(session.closed).containsExactly(CloseReason.CONNECT_FAILED);
        assertThat(session.selection.failures).containsExactly(Failure.REFUSED, Failure.REFUSED);
        assertThat(session.selection.released).isOne();
        DatagramPort first = open(FIRST);
        send(client, NODE, "found");
        assertThat(received(first)).containsExactly("found");
    }

    @Test
    void aTargetThatHasAnsweredAndGoesEndsTheSession() throws ListenException {
        MemorySessions node = node(rule());
        DatagramPort target = open(FIRST);
        open(SECOND);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a");
        received(target);
        send(target, batch.peer(0), "b");
        target.close();
        send(client, NODE, "c");

        MemorySession session = node.begun.getFirst();
        assertThat(session.closed).containsExactly(CloseReason.CONNECT_FAILED);
        assertThat(session.connected).containsExactly(FIRST);
        assertThat(session.kept).isZero();
    }

    @Test
    void aTargetIsProvenByItsFirstAnswer() throws ListenException {
        MemorySessions node = node(rule());
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "one way");
        MemorySession session = node.begun.getFirst();
        received(target);
        InetSocketAddress relay = batch.peer(0);
        assertThat(session.connected).containsExactly(FIRST);
        assertThat(session.selection.connected).isEmpty();

        loop.pass(Duration.ofSeconds(3));
        send(target, relay, "answer", "another");
        assertThat(session.selection.connected).containsExactly(FIRST);
        assertThat(session.selection.took).containsExactly(Duration.ofSeconds(3));
        assertThat(received(client)).containsExactly("answer", "another");
        assertThat(session.out).isEqualTo(2);
    }

    /** U1, U10: both ways keep a session alive, and every timer finds the session in whatever state it is. */
    @Test
    void silenceBothWaysEndsASessionWhateverItsState() throws ListenException {
        Rule rule = rule().withDatagrams(new Datagrams(10, Duration.ofSeconds(10)));
        MemorySessions node = node(rule);
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a");
        received(target);
        InetSocketAddress relay = batch.peer(0);
        for (int i = 0; i < 5; i++) {
            loop.pass(Duration.ofSeconds(7));
            send(i % 2 == 0 ? target : client, i % 2 == 0 ? relay : NODE, "x");
        }
        MemorySession session = node.begun.getFirst();
        assertThat(session.closed).isEmpty();
        loop.pass(Duration.ofSeconds(9));
        assertThat(session.closed).isEmpty();
        loop.pass(Duration.ofSeconds(2));
        assertThat(session.closed).containsExactly(CloseReason.IDLE_TIMEOUT);

        prepare = waiting -> waiting.selection.waits = true;
        send(client, NODE, "b");
        loop.pass(Duration.ofSeconds(11));
        MemorySession waiting = node.begun.getLast();
        assertThat(waiting.closed).containsExactly(CloseReason.IDLE_TIMEOUT);
        assertThat(waiting.selection.cancelled).isOne();
        waiting.selection.answer();
        assertThat(waiting.connected).isEmpty();
        assertThat(loop.pending()).isZero();
        assertThat(waiting.defects).isEmpty();
    }

    @Test
    void noSessionIsOlderThanItsLifetime() throws ListenException {
        Timeouts plain = Timeouts.DEFAULT;
        MemorySessions node = node(rule().withTimeouts(new Timeouts(plain.peek(), plain.connectAttempt(), plain.connect(), plain.idle(),
            plain.halfClosed(), Duration.ofSeconds(5), plain.drain())));
        open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a");
        loop.pass(Duration.ofSeconds(5));

        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.MAX_LIFETIME);
    }

    @Test
    void aRefusedSessionTouchesNoTargetAndAFullNodeBeginsNone() throws ListenException {
        prepare = session -> session.refused = Optional.of(CloseReason.POLICY_MISSING);
        MemorySessions node = node(rule());
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a");
        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.POLICY_MISSING);
        node.full = true;
        send(client, NODE, "b");

        assertThat(node.begun).hasSize(1);
        assertThat(received(target)).isEmpty();
    }

    @Test
    void whatIsBeyondABudgetIsDroppedWholeAndNothingWaits() throws ListenException {
        int[] left = {5};
        List<Runnable> again = new ArrayList<>();
        Budget five = new Budget() {
            @Override
            public int grant(int wanted, Runnable next) {
                int granted = Math.min(wanted, left[0]);
                left[0] -= granted;
                if (granted == 0) {
                    again.add(next);
                }
                return granted;
            }

            @Override
            public void giveBack(int unused) {
                left[0] += unused;
            }
        };
        prepare = session -> session.budgetIn = five;
        MemorySessions node = node(rule());
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "abc");
        send(client, NODE, "def");
        send(client, NODE, "gh");
        send(client, NODE, "i");

        assertThat(received(target)).containsExactly("abc", "gh");
        assertThat(node.begun.getFirst().dropped).containsEntry(DatagramDrop.LIMIT_IN, 2);
        assertThat(again).hasSize(1);
        left[0] = 5;
        again.getFirst().run();
        send(client, NODE, "jk");
        assertThat(received(target)).containsExactly("jk");
    }

    @Test
    void anOperatorEndsASessionAndItsSocket() throws ListenException {
        MemorySessions node = node(rule());
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a");
        received(target);
        InetSocketAddress relay = batch.peer(0);
        node.begun.getFirst().end(CloseReason.KILLED);

        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.KILLED);
        send(target, relay, "late");
        assertThat(received(client)).isEmpty();
        assertThat(open(relay).local()).isEqualTo(relay);
    }

    @Test
    void theSelfCheckFindsNothingWrong() {
        assertThat(new UdpSelfCheck().run()).isEmpty();
    }
}
