// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transport owes its callers while a loop does not turn, because code that it runs never returns. */
public abstract class StalledLoopContract extends StreamContract {
    private static final int CLIENTS = 24;
    private static final int BACKLOG = 128;
    private static final int ATTEMPTS = 2000;

    private final CountDownLatch released = new CountDownLatch(1);
    private final List<Socket> clients = new ArrayList<>();
    private EventLoop stalled;
    private EventLoop other;

    @BeforeEach
    void chooseLoops() {
        stalled = transport.loops().get(0);
        other = transport.loops().get(1);
    }

    @AfterEach
    void release() throws IOException {
        released.countDown();
        for (Socket client : clients) {
            client.close();
        }
    }

    private void stall(EventLoop loop) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        loop.execute(() -> {
            reached.countDown();
            awaitRelease();
        });
        assertThat(reached.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitRelease() {
        try {
            assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private BoundSocket bind() throws IOException {
        return transport.listen(ListenSpec.at(ANY_PORT, BACKLOG), this::echo);
    }

    private void comeTo(BoundSocket bound) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(client(bound));
        }
    }

    private void everybodyIsServedByTheOther() throws Exception {
        for (Socket client : clients) {
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(2 * SECONDS));
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
        for (int i = 0; i < clients.size(); i++) {
            assertThat(nextAccepted().loop()).isSameAs(other);
        }
    }

    @Test
    void othersServeWhoWaitsForALoopThatDoesNotTurn() throws Exception {
        try (BoundSocket bound = bind()) {
            stall(stalled);
            comeTo(bound);

            assumeThat(transport.bypass(stalled, true)).isTrue();

            everybodyIsServedByTheOther();
        }
    }

    @Test
    void othersServeWhoComesToAListenerThatIsBoundMeanwhile() throws Exception {
        stall(stalled);
        assumeThat(transport.bypass(stalled, true)).isTrue();

        try (BoundSocket bound = bind()) {
            comeTo(bound);

            everybodyIsServedByTheOther();
        }
    }

    @Test
    void loopThatTurnsAgainAccepts() throws Exception {
        Set<EventLoop> used = ConcurrentHashMap.newKeySet();
        try (BoundSocket bound = transport.listen(ListenSpec.at(ANY_PORT, BACKLOG), stream -> {
            used.add(stream.loop());
            stream.close();
        })) {
            for (int round = 0; round < 3; round++) {
                transport.bypass(stalled, true);
                transport.bypass(stalled, true);
                transport.bypass(stalled, false);
            }

            for (int i = 0; i < ATTEMPTS && used.size() < 2; i++) {
                try (Socket client = client(bound)) {
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
            }
            assertThat(used).hasSameElementsAs(transport.loops());
        }
    }

    @Test
    void nobodyStandsInOnceNoLoopTurns() {
        transport.bypass(stalled, true);

        assertThat(transport.bypass(other, true)).isFalse();
    }

    @Test
    void listenerClosesWithoutALoopThatDoesNotTurn() throws Exception {
        BoundSocket bound = bind();
        stall(stalled);
        transport.bypass(stalled, true);
        comeTo(bound);

        bound.close();

        assertThatThrownBy(() -> client(bound).close()).isInstanceOf(ConnectException.class);
        try (BoundSocket again = transport.listen(ListenSpec.at(bound.address(), BACKLOG), Stream::reset)) {
            assertThat(again.address()).isEqualTo(bound.address());
        }
    }

    @Test
    void listenerIsTakenOverWithoutALoopThatDoesNotTurn() throws Exception {
        BoundSocket older = bind();
        stall(stalled);
        assumeThat(transport.bypass(stalled, true)).isTrue();

        ListenSpec spec = new ListenSpec(older.address(), BACKLOG, SocketTuning.DEFAULT, Optional.of(older));
        try (BoundSocket newer = transport.listen(spec, this::echo)) {
            comeTo(newer);

            everybodyIsServedByTheOther();
        }
    }

    @Test
    void standInsLeaveNothingBehind() throws Exception {
        try (BoundSocket bound = bind()) {
            long before = sockets();

            transport.bypass(stalled, true);
            transport.bypass(stalled, false);

            await(() -> sockets() <= before);
            assertThat(bound.address().getPort()).isPositive();
        }
    }
}
