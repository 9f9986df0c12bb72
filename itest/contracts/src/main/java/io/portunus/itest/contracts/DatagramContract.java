// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.model.SocketTuning;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a datagram socket of a transport owes its callers; its peers are sockets of the same transport, on the loopback. */
@Timeout(60)
public abstract class DatagramContract extends DatagramFixture {
    /** Of so many, each socket of two has some as good as always. */
    private static final int CLIENTS = 24;
    private static final InetAddress OTHER_ADDRESS = InetAddress.ofLiteral("127.0.0.2");

    @Test
    void datagramsComeInTheirOrderAndSayFromWhom() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open();

        assertThat(send(client, server.local(), "one", "", "three")).isEqualTo(3);

        assertThat(receive(server)).containsExactly("one", "", "three");
        assertThat(batch.peer(0)).isEqualTo(client.local());
        assertThat(batch.peerPort(2)).isEqualTo(client.local().getPort());
        assertThat(batch.peerLow(0)).isEqualTo(0xFFFF_7F00_0001L);
        assertThat(batch.peerHigh(0)).isZero();
        assertThat(batch.segmentBytes(0)).isZero();
        assertThat(on(() -> server.receive(batch))).isZero();
    }

    @Test
    void batchIsFilledAsFarAsItHasRoom() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open();
        send(client, server.local(), "a", "b", "c", "d", "e", "f", "g", "h");
        send(client, server.local(), "i");

        assertThat(receive(server)).containsExactly("a", "b", "c", "d", "e", "f", "g", "h");
        assertThat(receive(server)).containsExactly("i");
    }

    @Test
    void partOfABatchIsSent() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open();

        int sent = on(() -> {
            batch.clear();
            for (String text : List.of("a", "b", "c")) {
                batch.peer(batch.add(bytes(text)), server.local());
            }
            return client.send(batch, 1, 2);
        });

        assertThat(sent).isEqualTo(1);
        assertThat(receive(server)).containsExactly("b");
    }

    @Test
    void oneThatIsLongerThanItsSlotIsCutAndMarkedSo() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open();
        send(client, server.local(), "0123456789", "next");
        DatagramBatch small = new DatagramBatch(2, 4);
        settle();

        assertThat(on(() -> server.receive(small))).isEqualTo(2);

        assertThat(text(small, 0)).isEqualTo("0123");
        assertThat(small.truncated(0)).isTrue();
        assertThat(text(small, 1)).isEqualTo("next");
        assertThat(small.truncated(1)).isFalse();
    }

    @Test
    void answerComesFromTheAddressThatWasAsked() throws Exception {
        DatagramPort server = open(DatagramSpec.at(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0)));
        InetSocketAddress asked = new InetSocketAddress(OTHER_ADDRESS, server.local().getPort());
        DatagramPort client = open(DatagramSpec.at(ANY_PORT).connectedTo(asked));
        assertThat(client.peer()).contains(asked);
        on(() -> {
            batch.clear();
            batch.add(bytes("ask"));
            return client.send(batch, 0, 1);
        });

        assertThat(receive(server)).containsExactly("ask");
        assumeThat(unknown()).doesNotContain(Unknown.UNLISTED_ADDRESS);
        assertThat(batch.hasLocal(0)).isTrue();
        assertThat(batch.local(0)).isEqualTo(OTHER_ADDRESS);
        assertThat(on(() -> server.send(batch, 0, 1))).isEqualTo(1);

        assertThat(receive(client)).containsExactly("ask");
        assertThat(batch.peer(0)).isEqualTo(asked);
    }

    @Test
    void connectedOneTakesNothingFromOthers() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open(DatagramSpec.at(ANY_PORT).connectedTo(server.local()));
        DatagramPort stranger = open();

        send(stranger, client.local(), "strange");
        send(server, client.local(), "mine");

        assertThat(receive(client)).containsExactly("mine");
    }

    @Test
    void connectedOneLearnsThatNobodyIsThere() throws Exception {
        DatagramPort gone = open();
        InetSocketAddress nobody = gone.local();
        on(() -> {
            gone.close();
            return true;
        });
        DatagramPort client = open(DatagramSpec.at(ANY_PORT).connectedTo(nobody));
        DatagramPort free = open();
        Notified notified = new Notified();
        on(() -> notified.asksForReads(client));

        send(client, nobody, "anybody?");
        send(free, nobody, "anybody?");

        notified.awaitReadable();
        assertThat(notified.faults).containsExactly(DatagramFault.REFUSED);
        assertThat(on(client::fault)).isEmpty();
        assertThat(on(free::fault)).isEmpty();
        assertThat(send(client, nobody, "still open")).isEqualTo(1);
    }

    @Test
    void trainIsCutIntoItsDatagrams() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open();

        int sent = on(() -> {
            batch.clear();
            int train = batch.add(bytes("aaabbbcc"));
            batch.peer(train, server.local());
            batch.mark(train, 3, 0, false);
            return client.send(batch, 0, 1);
        });

        assertThat(sent).isEqualTo(1);
        List<String> came = new ArrayList<>(receive(server));
        while (came.size() < 3) {
            came.addAll(receive(server));
        }
        assertThat(came).containsExactly("aaa", "bbb", "cc");
    }

    @Test
    void congestionMarksTravel() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open();

        on(() -> {
            batch.clear();
            int marked = batch.add(bytes("marked"));
            batch.peer(marked, server.local());
            batch.mark(marked, 0, 2, false);
            return client.send(batch, 0, 1);
        });

        assertThat(receive(server)).containsExactly("marked");
        assertThat(batch.ecn(0)).isEqualTo(unknown().contains(Unknown.MARK) ? 0 : 2);
    }

    @Test
    void readinessIsReportedForAsLongAsItIsTrueAndWanted() throws Exception {
        DatagramPort server = open();
        DatagramPort client = open();
        Notified notified = new Notified();
        send(client, server.local(), "a", "b", "c");
        settle();
        assertThat(notified.texts).isEmpty();

        on(() -> notified.asksForReads(server));
        for (int i = 0; i < PATIENCE && on(() -> notified.texts.size()) < 3; i++) {
            settle();
        }

        assertThat(on(() -> List.copyOf(notified.texts))).containsExactly("a", "b", "c");
        on(() -> {
            server.interest(false, false);
            return true;
        });
        send(client, server.local(), "d");
        settle();
        assertThat(on(() -> notified.texts.size())).isEqualTo(3);
    }

    @Test
    void roomIsReportedToWhoAsksForIt() throws Exception {
        DatagramPort port = open();
        Notified notified = new Notified();

        on(() -> {
            port.events(notified);
            port.interest(false, true);
            return true;
        });
        for (int i = 0; i < PATIENCE && on(() -> notified.writable) == 0; i++) {
            settle();
        }

        assertThat(on(() -> notified.writable)).isEqualTo(1);
    }

    @Test
    void addressOfAnotherIsInUse() throws Exception {
        DatagramPort first = open();

        assertThatThrownBy(() -> open(DatagramSpec.at(first.local()))).isInstanceOfSatisfying(ListenException.class,
            refused -> assertThat(refused.failure().cause()).isEqualTo(ListenFailure.Cause.IN_USE));
    }

    private DatagramPort opened(InetSocketAddress local, DatagramSpec.Sharing sharing) throws Exception {
        return open(DatagramSpec.at(local).sharing(sharing));
    }

    @Test
    void severalHaveOneAddressWhereAllOfThemAgree() throws Exception {
        DatagramPort alone = open();
        assertThatThrownBy(() -> opened(alone.local(), DatagramSpec.Sharing.JOINS)).isInstanceOf(ListenException.class);
        DatagramPort first = opened(ANY_PORT, DatagramSpec.Sharing.FIRST);
        DatagramPort second = open(transport().loops().getLast(), DatagramSpec.at(first.local()).sharing(DatagramSpec.Sharing.JOINS));
        assertThat(second.local()).isEqualTo(first.local());
        assertThatThrownBy(() -> opened(first.local(), DatagramSpec.Sharing.FIRST)).isInstanceOf(ListenException.class);
        assertThatThrownBy(() -> opened(first.local(), DatagramSpec.Sharing.ALONE)).isInstanceOf(ListenException.class);

        for (int i = 0; i < CLIENTS; i++) {
            DatagramPort client = open();
            send(client, first.local(), i + "a");
            send(client, first.local(), i + "b");
        }
        List<String> ofFirst = receiveAll(first);
        List<String> ofSecond = receiveAll(second);

        assertThat(ofFirst).isNotEmpty();
        assertThat(ofSecond).isNotEmpty();
        assertThat(ofFirst.size() + ofSecond.size()).isEqualTo(2 * CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(ofFirst.contains(i + "a")).isEqualTo(ofFirst.contains(i + "b"));
        }
    }

    @Test
    void trainsNeedSlotsThatTheyFitInto() throws Exception {
        DatagramPort port = open(new DatagramSpec(ANY_PORT, Optional.empty(), SocketTuning.DEFAULT, false, true));

        assertThatThrownBy(() -> on(() -> port.receive(batch))).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("too short for a train");
        DatagramBatch roomy = new DatagramBatch(1, DatagramBatch.MAX_BYTES);
        assertThat(on(() -> port.receive(roomy))).isZero();
    }

    @Test
    void closedOneAnswersSo() throws Exception {
        DatagramPort port = open();
        DatagramPort client = open();
        send(client, port.local(), "late");

        on(() -> {
            port.close();
            port.close();
            return true;
        });

        assertThat(on(() -> port.receive(batch))).isEqualTo(DatagramPort.CLOSED);
        assertThat(send(port, client.local(), "a")).isEqualTo(DatagramPort.CLOSED);
        assertThat(on(port::fault)).isEmpty();
    }
}
