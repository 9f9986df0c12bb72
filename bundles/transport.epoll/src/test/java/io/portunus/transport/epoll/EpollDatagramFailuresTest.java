// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.Transport;
import io.portunus.itest.contracts.DatagramFixture;
import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import io.portunus.model.SocketTuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What datagram sockets make of calls that fail, and of trains. */
@Timeout(60)
class EpollDatagramFailuresTest extends DatagramFixture {
    private static final long SECONDS = 20;
    private static final int ENOSPC = 28;

    private final FailingLibc libc = new FailingLibc();
    private final DatagramBatch roomy = new DatagramBatch(8, DatagramBatch.MAX_BYTES);
    private EpollTransport transport;

    @BeforeEach
    void start() throws Exception {
        transport = EpollTransport.start(libc, 1, System::nanoTime);
    }

    @AfterEach
    void stop() {
        libc.heal();
        transport.close();
    }

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected <T> T on(EventLoop loop, Callable<T> step) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                try {
                    answer.complete(step.call());
                } catch (Throwable failed) {
                    answer.completeExceptionally(failed);
                }
            });
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception known ? known : failed;
        }
    }

    @Override
    protected void settle() throws Exception {
        on(() -> true);
    }

    @Override
    @AfterEach
    protected void closeAll() throws Exception {
        // The transport closes them when it ends.
    }

    private DatagramPort client(DatagramPort of) throws Exception {
        return open(DatagramSpec.at(ANY_PORT).connectedTo(of.local()));
    }

    private int sendTrain(DatagramPort from) throws Exception {
        return on(() -> {
            roomy.clear();
            roomy.mark(roomy.add(bytes("aaabbbcc")), 3, 0, false);
            return from.send(roomy, 0, 1);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {DatagramLibc.EIO, Libc.EINVAL, DatagramLibc.EMSGSIZE})
    void trainThatTheSystemDoesNotCutGoesOneByOne(int errno) throws Exception {
        DatagramPort server = open();
        DatagramPort client = client(server);
        libc.fails("sendmmsg", errno, arguments -> arguments[2].equals(1));

        assertThat(sendTrain(client)).isEqualTo(1);

        libc.heal();
        assertThat(receiveAll(server)).containsExactly("aaa", "bbb", "cc");
        assertThat(on(client::fault)).isEmpty();
    }

    /** Those of one size go as one message, which the test recognises by its number. */
    @ParameterizedTest
    @ValueSource(ints = {DatagramLibc.EIO, Libc.EINVAL, DatagramLibc.EMSGSIZE})
    void whatWasJoinedAndTheSystemDoesNotCutGoesOneByOne(int errno) throws Exception {
        DatagramPort server = open();
        DatagramPort client = client(server);
        send(client, server.local(), "aaa", "bbb", "ccc", "d");
        assertThat(libc.calls("sendmmsg")).isEqualTo(1);
        libc.fails("sendmmsg", errno, arguments -> arguments[2].equals(1));

        assertThat(send(client, server.local(), "aaa", "bbb", "ccc", "d")).isEqualTo(4);
        assertThat(libc.calls("sendmmsg")).isEqualTo(3);
        assertThat(send(client, server.local(), "eee", "fff")).isEqualTo(2);
        assertThat(libc.calls("sendmmsg")).isEqualTo(4);

        libc.heal();
        assertThat(receiveAll(server)).containsExactly("aaa", "bbb", "ccc", "d", "aaa", "bbb", "ccc", "d", "eee", "fff");
        assertThat(on(client::fault)).isEmpty();
    }

    @Test
    void whatFindsNoRoomIsNotSent() throws Exception {
        DatagramPort server = open();
        DatagramPort client = client(server);
        libc.fails("sendmmsg", Libc.EAGAIN);
        assertThat(send(client, server.local(), "a")).isZero();
        assertThat(send(client, server.local(), "a", "b")).isZero();
        assertThat(sendTrain(client)).isZero();

        libc.heal();
        assertThat(send(client, server.local(), "a", "b")).isEqualTo(2);
        assertThat(receiveAll(server)).containsExactly("a", "b");
    }

    @Test
    void deviceWithoutRoomIsNoFaultAndNothingElseWaitsForIt() throws Exception {
        DatagramPort server = open();
        DatagramPort client = client(server);
        libc.fails("sendmmsg", SocketLibc.ENOBUFS);

        assertThat(send(client, server.local(), "a", "b")).isEqualTo(2);

        assertThat(on(client::fault)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {SocketLibc.EHOSTUNREACH, SocketLibc.ENETUNREACH, SocketLibc.EACCES})
    void noWayIsAFaultOfTheConnectedOneAlone(int errno) throws Exception {
        DatagramPort server = open();
        DatagramPort client = client(server);
        libc.fails("sendmmsg", errno);

        assertThat(send(client, server.local(), "a", "b")).isEqualTo(2);
        assertThat(send(server, client.local(), "a", "b")).isEqualTo(2);

        libc.heal();
        assertThat(on(client::fault)).contains(DatagramFault.UNREACHABLE);
        assertThat(on(client::fault)).isEmpty();
        assertThat(on(server::fault)).isEmpty();
    }

    /** The kernel gives back what it was given as one, on the loopback always. */
    @Test
    void trainsComeAsTrains() throws Exception {
        DatagramPort server = open(new DatagramSpec(ANY_PORT, Optional.empty(), SocketTuning.DEFAULT, false, true));
        assertThat(sendTrain(client(server))).isEqualTo(1);

        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < PATIENCE && sizes.isEmpty(); i++) {
            on(() -> {
                server.receive(roomy);
                for (int entry = 0; entry < roomy.count(); entry++) {
                    sizes.add(roomy.segmentBytes(entry));
                    assertThat(text(roomy, entry)).isEqualTo("aaabbbcc");
                }
                return true;
            });
        }

        assertThat(sizes).containsExactly(3);
        assertThat(libc.calls("recvmmsg")).isPositive();
    }

    @Test
    void socketThatCannotBeWatchedIsRefusedAndClosed() throws Exception {
        libc.fails("epollCtl", ENOSPC);
        int before = libc.calls("close");

        assertThatThrownBy(this::open).isInstanceOfSatisfying(ListenException.class,
            refused -> assertThat(refused.failure().cause()).isEqualTo(ListenFailure.Cause.OTHER));

        assertThat(libc.calls("close")).isEqualTo(before + 1);
    }

    @Test
    void withoutDescriptorsItIsRefusedAsSuch() {
        libc.fails("socket", SocketLibc.EMFILE);

        assertThatThrownBy(this::open).isInstanceOfSatisfying(ListenException.class,
            refused -> assertThat(refused.failure().cause()).isEqualTo(ListenFailure.Cause.NO_DESCRIPTOR));
    }

    @Test
    void retiredItBindsNoMoreAndSessionsGoOn() throws Exception {
        DatagramPort server = open();

        transport.retire();

        DatagramPort client = client(server);
        send(client, server.local(), "late");
        assertThat(receive(server)).containsExactly("late");
        assertThatThrownBy(this::open).isInstanceOf(ListenException.class);
        assertThat(transport.running()).isPositive();
        close(client);
        close(server);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (transport.running() > 0) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void callsAreReplacedUnderOpenSockets() throws Exception {
        FailingLibc newer = new FailingLibc();
        DatagramPort server = open();
        DatagramPort client = client(server);
        send(client, server.local(), "before");

        transport.calls(newer);
        settle();
        libc.failsAll();

        assertThat(receive(server)).containsExactly("before");
        send(client, server.local(), "after");
        assertThat(receive(server)).containsExactly("after");
        assertThat(newer.calls("recvmmsg")).isPositive();
        assertThat(newer.calls("sendmmsg")).isPositive();
    }
}
