// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import io.portunus.linux.ffm.SystemCallsComponent;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that fail, and what becomes of them. */
@Timeout(20)
class EpollFailuresTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int OPTION_NAME = 2;
    /** Waits of an idle loop in the time of {@link #settle}, with room for a few late events. */
    private static final int FEW = 10;

    private final FailingLibc libc = new FailingLibc();
    private EpollTransport transport;

    @BeforeEach
    void start() throws IOException {
        transport = EpollTransport.start(libc, 1, System::nanoTime);
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    private BoundSocket listen() throws IOException {
        return transport.listen(ListenSpec.at(ANY_PORT, 16), EpollFailuresTest::greet);
    }

    private static void greet(Stream stream) {
        stream.write(stream.loop().scratch().put((byte) 7).flip());
        stream.close();
    }

    private static Socket client(BoundSocket bound) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), bound.address().getPort());
    }

    private void settle() throws Exception {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        transport.loops().getFirst().after(Duration.ofMillis(100), () -> reached.complete(true));
        assertThat(reached.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {SocketLibc.EMFILE, SocketLibc.ENFILE, SocketLibc.ENOBUFS, Libc.ENOMEM})
    void nothingLeftToAcceptWithPausesAndResumes(int errno) throws Exception {
        try (BoundSocket bound = listen()) {
            settle();
            libc.fails("accept4", errno);
            try (Socket waiting = client(bound)) {
                settle();
                settle();
                assertThat(libc.calls("accept4")).isLessThan(FEW);

                libc.heal();

                assertThat(waiting.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    @Test
    void whoWaitsFirstIsTurnedAwayWhenDescriptorsAreUsedUp() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        // The first call finds none; the reserve gives one to the second.
        libc.fails("accept4", SocketLibc.EMFILE, arguments -> calls.getAndIncrement() == 0);
        try (BoundSocket bound = listen()) {
            try (Socket turnedAway = client(bound)) {
                assertThatThrownBy(() -> turnedAway.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            }
            try (Socket served = client(bound)) {
                assertThat(served.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    @Test
    void connectionThatWasGivenUpBeforeItWasAcceptedIsPassedOver() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        libc.fails("accept4", SocketLibc.ECONNABORTED, arguments -> calls.getAndIncrement() == 0);
        try (BoundSocket bound = listen(); Socket served = client(bound)) {
            assertThat(served.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void reserveIsSaidOnceInTenSecondsAndKept() {
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
        Reserve reserve = new Reserve(libc.sockets(), clock::get);

        assertThat(reserve.warn(ANY_PORT, SocketLibc.EMFILE)).isTrue();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(9));
        assertThat(reserve.warn(ANY_PORT, SocketLibc.EMFILE)).isFalse();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(reserve.warn(ANY_PORT, SocketLibc.EMFILE)).isTrue();
        reserve.turnAway(new Sockets(libc.sockets()), -1);
        assertThat(reserve.present()).isTrue();
        reserve.close(libc.sockets());
        assertThat(reserve.present()).isFalse();
    }

    private ListenFailure notListening(String call, int errno) throws IOException {
        libc.heal();
        libc.fails(call, errno);
        try (BoundSocket bound = listen()) {
            throw new AssertionError("listens on " + bound.address());
        } catch (ListenException refused) {
            return refused.failure();
        }
    }

    @Test
    void whatKeepsAnAddressFromBeingListenedOnIsReported() throws IOException {
        assertThat(notListening("bind", SocketLibc.EACCES))
            .isEqualTo(new ListenFailure(ListenFailure.Cause.NOT_PERMITTED, "EACCES, permission denied"));
        assertThat(notListening("bind", SocketLibc.EADDRINUSE).cause()).isEqualTo(ListenFailure.Cause.IN_USE);
        assertThat(notListening("listen", SocketLibc.EADDRINUSE).cause()).isEqualTo(ListenFailure.Cause.IN_USE);
        assertThat(notListening("bind", SocketLibc.EADDRNOTAVAIL).cause()).isEqualTo(ListenFailure.Cause.NOT_HERE);
        assertThat(notListening("socket", SocketLibc.EMFILE).cause()).isEqualTo(ListenFailure.Cause.NO_DESCRIPTOR);
        assertThat(notListening("socket", SocketLibc.ENFILE).cause()).isEqualTo(ListenFailure.Cause.NO_DESCRIPTOR);
        assertThat(notListening("bind", Libc.EINVAL)).isEqualTo(new ListenFailure(ListenFailure.Cause.OTHER, "EINVAL, invalid argument"));
    }

    @Test
    void loopsShareOneQueueWhereTheyCannotHaveTheirOwn() throws Exception {
        libc.fails("setsockopt", Libc.EINVAL, arguments -> arguments[OPTION_NAME].equals(SocketLibc.SO_REUSEPORT));
        try (EpollTransport two = EpollTransport.start(libc, 2, System::nanoTime);
            BoundSocket bound = two.listen(ListenSpec.at(ANY_PORT, 16), EpollFailuresTest::greet)) {
            for (int i = 0; i < FEW; i++) {
                try (Socket client = client(bound)) {
                    assertThat(client.getInputStream().read()).isEqualTo(7);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket", "bind"})
    void wildcardIsIpv4WhereThereIsNoIpv6(String call) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        libc.fails(call, call.equals("bind") ? SocketLibc.EADDRNOTAVAIL : SocketLibc.EAFNOSUPPORT,
            arguments -> call.equals("bind") ? calls.getAndIncrement() == 0 : arguments[0].equals(SocketLibc.AF_INET6));
        try (BoundSocket bound = transport.listen(ListenSpec.at(new InetSocketAddress(0), 16), EpollFailuresTest::greet);
            Socket client = new Socket("127.0.0.1", bound.address().getPort())) {
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    private ConnectFailure.Cause refused(String call, int errno) throws Exception {
        return refused(call, errno, Optional.empty());
    }

    private ConnectFailure.Cause refused(String call, int errno, Optional<InetAddress> source) throws Exception {
        CompletableFuture<ConnectFailure> failure = new CompletableFuture<>();
        libc.heal();
        libc.fails(call, errno);
        EventLoop loop = transport.loops().getFirst();
        ConnectSpec spec = new ConnectSpec(new InetSocketAddress("127.0.0.1", 9), source, SocketTuning.DEFAULT);
        loop.execute(() -> transport.connect(loop, spec, new ConnectListener() {
            @Override
            public void connected(Stream stream) {
                failure.completeExceptionally(new AssertionError("connected"));
            }

            @Override
            public void failed(ConnectFailure why) {
                failure.complete(why);
            }
        }));
        return failure.get(5, TimeUnit.SECONDS).cause();
    }

    @Test
    void attemptsFailAsTheErrnoStates() throws Exception {
        Optional<InetAddress> source = Optional.of(InetAddress.getLoopbackAddress());

        assertThat(refused("connect", SocketLibc.ECONNREFUSED)).isEqualTo(ConnectFailure.Cause.REFUSED);
        assertThat(refused("connect", SocketLibc.EHOSTUNREACH)).isEqualTo(ConnectFailure.Cause.UNREACHABLE);
        assertThat(refused("connect", SocketLibc.ENETUNREACH)).isEqualTo(ConnectFailure.Cause.UNREACHABLE);
        assertThat(refused("connect", SocketLibc.ETIMEDOUT)).isEqualTo(ConnectFailure.Cause.TIMED_OUT);
        assertThat(refused("connect", SocketLibc.EADDRNOTAVAIL)).isEqualTo(ConnectFailure.Cause.NO_PORT);
        assertThat(refused("connect", SocketLibc.EADDRNOTAVAIL, source)).isEqualTo(ConnectFailure.Cause.NO_PORT);
        assertThat(refused("bind", SocketLibc.EADDRNOTAVAIL, source)).isEqualTo(ConnectFailure.Cause.NOT_OURS);
        assertThat(refused("bind", SocketLibc.EADDRINUSE, source)).isEqualTo(ConnectFailure.Cause.NO_PORT);
        assertThat(refused("connect", SocketLibc.EACCES)).isEqualTo(ConnectFailure.Cause.NOT_PERMITTED);
        assertThat(refused("socket", SocketLibc.EMFILE)).isEqualTo(ConnectFailure.Cause.NO_DESCRIPTOR);
        assertThat(refused("epollCtl", Libc.ENOMEM)).isEqualTo(ConnectFailure.Cause.OTHER);
    }

    /** Sets silence, whatever comes. */
    private record Deaf(AtomicInteger events) implements StreamEvents {
        @Override
        public void readable(Stream stream) {
            events.incrementAndGet();
            stream.interest(false, false);
        }

        @Override
        public void writable(Stream stream) {
            throw new AssertionError("nobody asked for it");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetThatNobodyIsInterestedInDoesNotKeepTheLoopBusy(boolean descriptorIsKnown) throws Exception {
        Deaf deaf = new Deaf(new AtomicInteger());
        try (BoundSocket bound = transport.listen(ListenSpec.at(ANY_PORT, 16), stream -> {
            stream.events(deaf);
            stream.interest(true, false);
            if (descriptorIsKnown) {
                assertThat(stream.descriptor()).isNotNegative();
            }
        })) {
            try (Socket client = client(bound)) {
                client.getOutputStream().write(1);
                settle();
                client.setSoLinger(true, 0);
            }
            settle();
            int before = libc.calls("epollWait");
            settle();

            assertThat(libc.calls("epollWait") - before).isLessThan(FEW);
            assertThat(deaf.events()).hasValue(1);
        }
    }

    @Test
    void streamThatCannotBeWatchedIsAResetOne() throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        try (BoundSocket bound = transport.listen(ListenSpec.at(ANY_PORT, 16), stream -> {
            libc.fails("epollCtl", Libc.ENOMEM);
            stream.events(new StreamEvents() {
                @Override
                public void readable(Stream broken) {
                    answer.complete(broken.read(broken.loop().scratch()));
                    broken.close();
                }

                @Override
                public void writable(Stream unused) {
                    throw new AssertionError("nobody asked for it");
                }
            });
            stream.interest(true, false);
        }); Socket client = client(bound)) {
            assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(Stream.RESET);
            assertThat(client.isConnected()).isTrue();
        }
    }

    private static long descriptors() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epollCreate1", "epollCtl", "eventfd"})
    void refusedLoopLeavesNothingOpen(String call) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        // What the first loop needs it gets; nobody else may open anything meanwhile.
        libc.fails(call, SocketLibc.EMFILE, arguments -> calls.getAndIncrement() > 1);
        long before = descriptors();

        assertThatThrownBy(() -> EpollTransport.start(libc, 4, System::nanoTime)).isInstanceOf(SystemException.class)
            .hasMessage("EMFILE, too many open files");

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (descriptors() > before) {
            assertThat(System.nanoTime() - deadline).isNegative();
            settle();
        }
    }

    @Test
    void trialIsPassedHereAndNotWithoutWhatItNeeds() {
        assertThat(EpollTrial.run(new SystemCallsComponent())).isEmpty();
        assertThat(EpollTrial.ofDatagrams(new SystemCallsComponent())).isEmpty();
        assertThat(EpollTrial.ofDatagrams(new FailingLibc().fails("bind", SocketLibc.EADDRINUSE))).isPresent();
        assertThat(EpollTrial.run(new FailingLibc().fails("listen", SocketLibc.EADDRINUSE))).isPresent();
        assertThat(EpollTrial.run(new FailingLibc().fails("connect", SocketLibc.ECONNREFUSED))).isPresent();
    }
}
