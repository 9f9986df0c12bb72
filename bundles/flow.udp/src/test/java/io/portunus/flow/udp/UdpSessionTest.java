// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.memory.MemorySession;
import io.portunus.flow.memory.MemorySessions;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Datagrams;
import io.portunus.model.Datagrams.Caps;
import io.portunus.model.Datagrams.Mode;
import io.portunus.model.Rule;
import io.portunus.model.SilencePolicy;
import io.portunus.model.TargetGroup;
import io.portunus.model.Timeouts;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UdpSessionTest extends UdpWorld {
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

    /** U5. */
    @Test
    void aTargetThatDoesNotAnswerInTimeIsReportedOnceAndKeepsItsSession() throws ListenException {
        TargetGroup group = rule().targets();
        MemorySessions node = node(rule().withTargets(new TargetGroup(group.targets(), group.pick(), false,
            group.health().with(new SilencePolicy(80, 10, Duration.ofSeconds(2))), group.allDown(), false, Duration.ZERO)));
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        DatagramPort answered = open(at("198.51.100.2", 9));
        send(client, NODE, "a");
        received(target);
        InetSocketAddress late = batch.peer(0);
        send(answered, NODE, "b");
        received(target);
        send(target, batch.peer(0), "at once");
        loop.pass(Duration.ofSeconds(2));

        assertThat(node.begun.getFirst().selection.unanswered).isOne();
        assertThat(node.begun.getLast().selection.unanswered).isZero();
        send(target, late, "late");
        loop.pass(Duration.ofSeconds(9));
        assertThat(received(client)).containsExactly("late");
        assertThat(node.begun.getFirst().selection.connected).containsExactly(FIRST);
        assertThat(node.begun.getFirst().selection.unanswered).isOne();
        assertThat(node.begun.getFirst().closed).isEmpty();
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
        assertThat(session.selection.failures).containsExactly(Failure.REFUSED);
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
        Rule rule = rule().withDatagrams(Datagrams.DEFAULT.with(Duration.ofSeconds(10)));
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

    /** P6: in front of every datagram, and of no client's bytes. */
    @Test
    void aHeaderStandsBeforeEachDatagramToATargetThatRequiresOne() throws ListenException {
        prepare = session -> session.headers.put(UpstreamHeader.PROXY, new Brackets());
        MemorySessions node = node(heading(rule()));
        DatagramPort second = open(SECOND);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a", "");
        send(client, NODE, "b");

        assertThat(received(second)).containsExactly("<198.51.100.1>a", "<198.51.100.1>", "<198.51.100.1>b");
        MemorySession session = node.begun.getFirst();
        assertThat(session.in).isEqualTo(3);
        assertThat(session.bytesIn).isEqualTo(2);
        send(second, batch.peer(0), "no header back");
        assertThat(received(client)).containsExactly("no header back");
    }

    @Test
    void withoutAnybodyWhoWritesItNoDatagramGoesThere() throws ListenException {
        MemorySessions node = node(heading(rule()));
        DatagramPort first = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a");

        assertThat(received(first)).isEmpty();
        assertThat(node.begun.getFirst().selection.failures).containsExactly(Failure.HEADER, Failure.HEADER);
        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.CONNECT_FAILED);
    }

    /** As of DNS: what is asked next may go to another target; and to one that went, what was asked counts once. */
    @Test
    void aSessionOfResponsesIsOverOnceEachDatagramHasItsAnswers() throws ListenException {
        Datagrams two = new Datagrams(Mode.RESPONSES, 2, Duration.ofSeconds(10), Caps.DEFAULT, 0);
        MemorySessions node = node(rule().withDatagrams(two));
        DatagramPort target = open(SECOND);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a", "b");
        MemorySession session = node.begun.getFirst();
        assertThat(session.connected).containsExactly(FIRST, SECOND);
        received(target);
        InetSocketAddress relay = batch.peer(0);
        send(target, relay, "1", "2", "3");
        assertThat(session.closed).isEmpty();
        send(target, relay, "4");

        assertThat(session.closed).containsExactly(CloseReason.ANSWERED);
        assertThat(received(client)).containsExactly("1", "2", "3", "4");
        send(client, NODE, "c");
        assertThat(node.begun).hasSize(2);
    }

    /** Its address may be somebody else's until it has sent a second time (RFC 9000 §8). */
    @Test
    void aClientThatHasSentOnceIsAnsweredWithNoMoreThanItsShare() throws ListenException {
        MemorySessions node = node(rule().withDatagrams(new Datagrams(Mode.SESSION, 1, Duration.ofSeconds(10), Caps.DEFAULT, 3)));
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "ab");
        received(target);
        InetSocketAddress relay = batch.peer(0);
        send(target, relay, "1234", "123", "12");

        MemorySession session = node.begun.getFirst();
        assertThat(received(client)).containsExactly("1234");
        assertThat(session.dropped).containsExactly(Map.entry(DatagramDrop.AMPLIFICATION, 2));
        assertThat(session.out).isOne();
        send(client, NODE, "c");
        send(target, relay, "as much as it likes");
        assertThat(received(client)).containsExactly("as much as it likes");
    }

    /** An answer that was too long for a client that had sent once is none: who asks again is answered. */
    @Test
    void whoAsksAgainAfterAnAnswerThatWasTooLongIsAnswered() throws ListenException {
        MemorySessions node = node(rule().withDatagrams(new Datagrams(Mode.RESPONSES, 1, Duration.ofSeconds(10), Caps.DEFAULT, 3)));
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "q");
        received(target);
        InetSocketAddress relay = batch.peer(0);
        send(target, relay, "too long");
        assertThat(received(client)).isEmpty();
        assertThat(node.begun.getFirst().closed).isEmpty();

        send(client, NODE, "q");
        send(target, relay, "too long");
        assertThat(received(client)).containsExactly("too long");
        assertThat(node.begun).hasSize(1);
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
        Set<Runnable> given = Collections.newSetFromMap(new IdentityHashMap<>());
        Budget five = new Budget() {
            @Override
            public int grant(int wanted, Runnable next) {
                given.add(next);
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
        assertThat(given).describedAs("the same one with each call").hasSize(1);
    }

    @Test
    void budgetThatHasNothingHoldsNoLongerThanItIsTheSessions() throws ListenException {
        prepare = session -> session.budgetIn = new Budget() {
            @Override
            public int grant(int wanted, Runnable next) {
                return 0;
            }

            @Override
            public void giveBack(int unused) {
                // Nothing was granted.
            }
        };
        MemorySessions node = node(rule());
        DatagramPort target = open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a");
        node.begun.getFirst().budgetIn = Budget.UNLIMITED;
        send(client, NODE, "b");

        assertThat(received(target)).containsExactly("b");
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
