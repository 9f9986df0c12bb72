// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.Transport;
import io.portunus.itest.contracts.TransportContract;
import io.portunus.linux.api.SocketLibc;
import io.portunus.linux.ffm.SystemCallsComponent;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The transport by epoll owes what every transport owes, and can retire and take queues over. */
class EpollTransportTest extends TransportContract {
    private static final int CLIENTS = 40;

    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void leave() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    /** Connects many clients, which say nothing yet. */
    private void comeTo(BoundSocket bound) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(client(bound));
        }
    }

    private void everybodyIsServed() throws IOException {
        for (Socket client : clients) {
            serves(client);
        }
    }

    @Override
    protected Transport start(int loops) throws IOException {
        return open(loops);
    }

    private static EpollTransport open(int loops) throws IOException {
        return EpollTransport.start(new SystemCallsComponent(), loops, System::nanoTime);
    }

    @Override
    protected void stop(Transport started) {
        ((EpollTransport) started).close();
    }

    private EpollTransport epoll() {
        return (EpollTransport) transport;
    }

    /** Keeps all loops busy until it is ended. */
    private final class Standstill {
        private final CountDownLatch over = new CountDownLatch(1);

        Standstill() throws Exception {
            CountDownLatch reached = new CountDownLatch(transport.loops().size());
            for (EventLoop loop : transport.loops()) {
                loop.execute(() -> {
                    reached.countDown();
                    hold();
                });
            }
            assertThat(reached.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        private void hold() {
            try {
                assertThat(over.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        void end() {
            over.countDown();
        }
    }

    private static void serves(Socket client) throws IOException {
        client.getOutputStream().write(1);
        assertThat(client.getInputStream().read()).isEqualTo(1);
    }

    @Test
    void retiredItBindsNoMoreAndGoesOnWithWhatItHas() throws Exception {
        BoundSocket bound = listen(this::echo);
        try (Socket before = client(bound)) {
            Stream served = nextAccepted();

            epoll().retire();

            assertThatThrownBy(() -> listen(this::echo)).isInstanceOf(IOException.class);
            serves(before);
            try (Socket after = client(bound)) {
                serves(after);
            }
            Stream upstream = connect(served.loop(), bound.address().getPort()).get(SECONDS, TimeUnit.SECONDS);
            assertThat(upstream.peer()).isEqualTo(bound.address());
            upstream.loop().execute(upstream::close);
            bound.close();
            serves(before);
            assertThat(epoll().running()).isPositive();
        }

        ended(epoll());
        assertThatThrownBy(() -> transport.loops().getFirst().execute(() -> { })).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void loopsThatAreRetiredEndByThemselvesOnceNothingIsLeft() throws Exception {
        CompletableFuture<Boolean> timer = new CompletableFuture<>();
        BoundSocket bound = listen(this::echo);
        try (Socket client = client(bound)) {
            Stream stream = nextAccepted();
            transport.loops().getFirst().after(Duration.ofMillis(200), () -> timer.complete(true));
            transport.loops().getFirst().after(Duration.ofHours(1), () -> timer.complete(false)).cancel();
            epoll().retire();
            bound.close();
            serves(client);
            assertThat(epoll().running()).isPositive();
            stream.loop().execute(stream::close);
        }

        ended(epoll());
        assertThat(timer).isCompletedWithValue(true);
    }

    private static void ended(EpollTransport gone) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (gone.running() > 0) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void tasksThatARetiredLoopTakesAreRun() throws Exception {
        EventLoop loop = transport.loops().getFirst();
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger run = new AtomicInteger();
        AtomicBoolean rejected = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (!rejected.get()) {
                    try {
                        loop.execute(run::incrementAndGet);
                        taken.incrementAndGet();
                    } catch (RejectedExecutionException ended) {
                        rejected.set(true);
                    }
                }
            }));
        }

        epoll().retire();
        joined(threads);

        ended(epoll());
        assertThat(run).hasValue(taken.get());
    }

    private static void joined(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
        }
    }

    @Test
    void clientsThatWaitWhenTheListenerIsClosedAreServed() throws Exception {
        BoundSocket bound = transport.listen(ListenSpec.at(ANY_PORT, 2 * CLIENTS), this::echo);
        Standstill still = new Standstill();
        comeTo(bound);
        bound.close();
        still.end();
        everybodyIsServed();
        assertThatThrownBy(() -> client(bound).close()).isInstanceOf(ConnectException.class);
    }

    /** A listener of another transport, which has accepted nobody yet. */
    private record Other(List<ServerSocketChannel> channels) implements BoundSocket {
        /** With as many queues. */
        static Other open(int queues) throws IOException {
            List<ServerSocketChannel> channels = new ArrayList<>();
            InetSocketAddress address = ANY_PORT;
            for (int i = 0; i < queues; i++) {
                channels.add(ServerSocketChannel.open().setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address));
                address = (InetSocketAddress) channels.getFirst().getLocalAddress();
            }
            return new Other(channels);
        }

        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) channels.getFirst().socket().getLocalSocketAddress();
        }

        @Override
        public List<Integer> descriptors() {
            return channels.stream().map(Other::descriptor).toList();
        }

        private static int descriptor(ServerSocketChannel channel) {
            try {
                return (int) Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal").invoke(channel);
            } catch (ReflectiveOperationException notExported) {
                throw new LinkageError("not exported", notExported);
            }
        }

        @Override
        public void close() {
            try {
                for (ServerSocketChannel channel : channels) {
                    channel.close();
                }
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        }
    }

    private static ListenSpec instead(BoundSocket former) {
        return new ListenSpec(former.address(), 64, SocketTuning.DEFAULT, Optional.of(former));
    }

    @Test
    void queueOfAnotherTransportIsTakenOver() throws Exception {
        Other other = Other.open(1);
        try (Socket waiting = client(other); BoundSocket bound = transport.listen(instead(other), this::echo); Socket client = client(bound)) {
            serves(waiting);
            serves(client);
            for (int i = 0; i < 2; i++) {
                Stream stream = nextAccepted();
                assertThat(on(stream.loop(), () -> new Sockets(new SystemCallsComponent().sockets()).get(stream.descriptor(), SocketLibc.SOL_SOCKET,
                    SocketLibc.SO_KEEPALIVE))).isEqualTo(1);
            }
            assertThat(other.channels()).noneMatch(ServerSocketChannel::isOpen);
            assertThat(bound.address()).isEqualTo(new InetSocketAddress(ANY_PORT.getAddress(), client.getPort()));
        }
    }

    /** One more than there are loops. */
    @Test
    void queuesOfAnotherTransportAreTakenOver() throws Exception {
        Other other = Other.open(3);
        comeTo(other);
        try (BoundSocket bound = transport.listen(instead(other), this::echo)) {
            assertThat(bound.descriptors()).hasSize(3);
            comeTo(bound);
            everybodyIsServed();
        }
    }

    @Test
    void clientsThatWaitInEitherQueueOutliveATakeOver() throws Exception {
        try (EpollTransport newer = open(2)) {
            BoundSocket bound = transport.listen(ListenSpec.at(ANY_PORT, 2 * CLIENTS), this::echo);
            Standstill still = new Standstill();
            comeTo(bound);
            BoundSocket over = newer.listen(instead(bound), this::echo);
            still.end();
            everybodyIsServed();
            over.close();
        }
    }

    private static void comeAndGo(int port, AtomicBoolean over, AtomicInteger served) throws IOException {
        while (!over.get()) {
            try (Socket client = new Socket(ANY_PORT.getAddress(), port)) {
                client.setSoLinger(true, 0);
                serves(client);
                served.incrementAndGet();
            }
        }
    }

    @Test
    void takeOverBetweenVersionsLosesNobody() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        CompletableFuture<Integer> result = new CompletableFuture<>();
        try (EpollTransport older = open(1)) {
            BoundSocket current = older.listen(ListenSpec.at(ANY_PORT, 64), this::echo);
            int port = current.address().getPort();
            Thread clients = Thread.ofPlatform().start(() -> {
                try {
                    comeAndGo(port, over, served);
                    result.complete(served.get());
                } catch (IOException | AssertionError lost) {
                    result.completeExceptionally(lost);
                }
            });
            for (int i = 0; i < CLIENTS; i++) {
                int before = served.get();
                current = (i % 2 == 0 ? transport : older).listen(instead(current), this::echo);
                await(() -> served.get() > before || result.isDone());
            }
            over.set(true);
            clients.join();
            current.close();
        }

        assertThat(result.get(SECONDS, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(CLIENTS);
    }

    /** Listener, stream, loop and timer stay, and nothing is called by the older ones any more. */
    @Test
    void callsAreReplacedUnderOpenSockets() throws Exception {
        FailingLibc older = new FailingLibc();
        FailingLibc newer = new FailingLibc();
        try (EpollTransport replaced = EpollTransport.start(older, 1, System::nanoTime);
            BoundSocket bound = replaced.listen(ListenSpec.at(ANY_PORT, 16), this::echo);
            Socket client = client(bound)) {
            serves(client);
            Stream stream = nextAccepted();
            List<Integer> listening = bound.descriptors();
            CompletableFuture<Boolean> timer = new CompletableFuture<>();
            stream.loop().after(Duration.ofMillis(500), () -> timer.complete(true));

            replaced.calls(newer);

            settle(stream.loop());
            older.failsAll();
            serves(client);
            try (Socket next = client(bound)) {
                serves(next);
            }
            assertThat(newer.calls("recv")).isPositive();
            assertThat(newer.calls("accept4")).isPositive();
            assertThat(timer.get(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(bound.descriptors()).isEqualTo(listening);
        }
        assertThat(newer.calls("close")).isPositive();
    }

    @Test
    void streamThatAnothersCallbackHasClosedHearsNothing() throws Exception {
        AtomicInteger notified = new AtomicInteger();
        StreamEvents closer = new StreamEvents() {
            @Override
            public void readable(Stream stream) {
                notified.incrementAndGet();
                accepted.forEach(Stream::reset);
            }

            @Override
            public void writable(Stream stream) {
                throw new AssertionError("nobody asked for it");
            }
        };
        try (EpollTransport single = open(1);
            BoundSocket bound = single.listen(ListenSpec.at(ANY_PORT, 16), this::keep);
            Socket one = client(bound);
            Socket two = client(bound)) {
            EventLoop loop = single.loops().getFirst();
            await(() -> accepted.size() == 2);
            CountDownLatch written = new CountDownLatch(1);
            loop.execute(() -> {
                accepted.forEach(each -> arm(each, closer, true));
                try {
                    assertThat(written.await(SECONDS, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            });
            one.getOutputStream().write(1);
            two.getOutputStream().write(1);
            written.countDown();

            assertThatThrownBy(() -> one.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> two.getInputStream().read()).isInstanceOf(SocketException.class);
            settle(loop);
            assertThat(notified).hasValue(1);
        }
    }
}
