// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.memory.MemorySession;
import io.portunus.flow.memory.MemorySessions;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.Datagrams;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** U4: each datagram is given a target of its own. */
class UdpScatterTest extends UdpWorld {
    private static Rule scattered() {
        return rule().withDatagrams(Datagrams.DEFAULT.with(Datagrams.Mode.DATAGRAM));
    }

    @Test
    void eachDatagramHasItsTargetAndAllAreOneSession() throws ListenException {
        MemorySessions node = node(scattered());
        DatagramPort first = open(FIRST);
        DatagramPort second = open(SECOND);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "1", "2", "3", "4");
        send(client, NODE, "5");

        assertThat(received(first)).containsExactly("1", "3", "5");
        InetSocketAddress relay = batch.peer(0);
        assertThat(received(second)).containsExactly("2", "4");
        MemorySession session = node.begun.getFirst();
        assertThat(node.begun).hasSize(1);
        assertThat(session.in).isEqualTo(5);
        assertThat(session.connected).containsExactly(FIRST, SECOND);
        // Those of targets that have a socket hold nothing.
        assertThat(session.selections).hasSize(5).filteredOn(its -> its.released == 0).hasSize(2);

        send(first, relay, "an answer, too");
        assertThat(received(client)).containsExactly("an answer, too");
        loop.pass(Duration.ofMinutes(3));
        assertThat(session.closed).containsExactly(CloseReason.IDLE_TIMEOUT);
        assertThat(session.selections).allMatch(its -> its.released > 0);
        assertThat(session.defects).isEmpty();
    }

    @Test
    void aTargetThatIsGoneFailsAndWhoSendsOnIsNotBothered() throws ListenException {
        MemorySessions node = node(scattered());
        DatagramPort second = open(SECOND);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "lost");
        send(client, NODE, "kept");

        MemorySession session = node.begun.getFirst();
        assertThat(session.closed).isEmpty();
        assertThat(session.connectFailures).isOne();
        assertThat(session.selections.getFirst().failures).containsExactly(Failure.REFUSED);
        assertThat(received(second)).containsExactly("kept");
    }

    /** Nobody has to answer: a target of which no error comes back is there. */
    @Test
    void aTargetIsProvenByTheErrorThatDoesNotCome() throws ListenException {
        MemorySessions node = node(scattered());
        open(FIRST);
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "1");
        MemorySession session = node.begun.getFirst();
        assertThat(session.selection.connected).isEmpty();

        loop.pass(AdmittedSession.PROOF);

        assertThat(session.selection.connected).containsExactly(FIRST);
    }

    /** Who sends on and on has no end at which it would meet the rule as it is now. */
    @Test
    void targetsAreThoseOfTheRuleThatIsInForce() throws ListenException {
        MemorySessions node = node(scattered());
        DatagramPort first = open(FIRST);
        DatagramPort second = open(SECOND);
        DatagramPort third = open(at("192.0.2.10", 1));
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "1", "2");
        node.reload(routes(scattered().withTargets(TargetGroup.of(TargetAddress.parse("192.0.2.10:1")))));
        send(client, NODE, "3", "4");

        assertThat(received(first)).containsExactly("1");
        assertThat(received(second)).containsExactly("2");
        assertThat(received(third)).containsExactly("3", "4");
        assertThat(node.begun).hasSize(1);
    }

    @Test
    void datagramsWaitInOrderWhileANameIsLookedUp() throws ListenException {
        prepare = session -> session.selection.waits = true;
        MemorySessions node = node(scattered());
        DatagramPort first = open(FIRST);
        DatagramPort second = open(SECOND);
        DatagramPort client = open(at("198.51.100.1", 9));
        String[] texts = new String[WaitingDatagrams.MAX_DATAGRAMS + 2];
        Arrays.setAll(texts, i -> "d" + i);
        send(client, NODE, texts);
        MemorySession session = node.begun.getFirst();
        assertThat(session.dropped).containsEntry(DatagramDrop.PENDING, 2);
        assertThat(session.kept).isPositive();

        for (int i = 0; i < WaitingDatagrams.MAX_DATAGRAMS; i++) {
            session.selections.getLast().answer();
        }

        assertThat(received(first)).hasSize(16).startsWith("d0", "d2", "d4");
        assertThat(received(second)).hasSize(16).startsWith("d1", "d3", "d5");
        assertThat(session.kept).isZero();
        assertThat(session.defects).isEmpty();
    }

    @Test
    void withoutATargetTheSessionIsOver() throws ListenException {
        MemorySessions node = node(rule().withDatagrams(Datagrams.DEFAULT.with(Datagrams.Mode.DATAGRAM))
            .withTargets(NOWHERE));
        DatagramPort client = open(at("198.51.100.1", 9));
        send(client, NODE, "a", "b");

        assertThat(node.begun.getFirst().closed).containsExactly(CloseReason.DNS_FAILED);
        assertThat(node.begun.getFirst().defects).isEmpty();
    }
}
