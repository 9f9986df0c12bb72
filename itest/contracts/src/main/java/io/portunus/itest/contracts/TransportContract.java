// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a transport owes its callers, on real sockets: listeners, connections, loops and timers, and all that {@link StalledLoopContract} and
 * {@link StreamContract} state.
 */
@Timeout(60)
public abstract class TransportContract extends StalledLoopContract {
    private static final int SHORT_CONNECTIONS = 2000;
    private static final int ROOT_PORT = 1;
    /** Linux gives ports to connections to one endpoint in turn, in small random steps: of so many, one meets itself as good as always. */
    private static final int SELF_ATTEMPTS = 29_000;
    /** One hundredth of a second is the unit of time in /proc, whatever the kernel's. */
    private static final int TICKS = 100;

    private EventLoop loop(int index) {
        return transport.loops().get(index);
    }

    @Test
    void hasAFixedListOfLoops() {
        assertThat(transport.loops()).hasSize(2).doesNotHaveDuplicates().isEqualTo(transport.loops());
        assertThat(transport.loops()).noneMatch(EventLoop::inside);
    }

    @Test
    void everyLoopAccepts() throws Exception {
        Set<EventLoop> used = ConcurrentHashMap.newKeySet();
        try (BoundSocket bound = listen(stream -> {
            used.add(stream.loop());
            stream.close();
        })) {
            for (int i = 0; i < SHORT_CONNECTIONS && used.size() < 2; i++) {
                try (Socket client = client(bound)) {
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
            }

            assertThat(used).hasSameElementsAs(transport.loops());
        }
    }

    @Test
    void foldsIpv4PeersOfADualStackListener() throws Exception {
        try (BoundSocket bound = transport.listen(ListenSpec.at(new InetSocketAddress(0), 16), this::echo);
            Socket client = new Socket("127.0.0.1", bound.address().getPort())) {
            Stream stream = nextAccepted();

            assertThat(stream.peer()).isEqualTo(client.getLocalSocketAddress());
            assertThat(stream.peer().getAddress()).isInstanceOf(Inet4Address.class);
            assertThat(stream.local()).isEqualTo(client.getRemoteSocketAddress());
            assertThat(stream.local().getAddress()).isInstanceOf(Inet4Address.class);
        }
    }

    @Test
    void wildcardListenerTakesIpv6Too() throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        try (BoundSocket bound = transport.listen(ListenSpec.at(new InetSocketAddress(0), 16), this::echo)) {
            Socket[] client = new Socket[1];
            assumeThat(six).satisfies(any -> client[0] = new Socket(six, bound.address().getPort()));
            try (Socket connected = client[0]) {
                Stream stream = nextAccepted();

                assertThat(on(stream.loop(), stream::local).getAddress()).isEqualTo(six);
                assertThat(stream.peer().getPort()).isEqualTo(connected.getLocalPort());
            }
        }
    }

    @Test
    void wildcardOfOneFamilyTakesThatFamilyOnly() throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        InetAddress four = InetAddress.getByName("127.0.0.1");
        assumeThat(six).satisfies(any -> new ServerSocket(0, 1, any).close());
        for (InetAddress own : List.of(four, six)) {
            InetSocketAddress wildcard = new InetSocketAddress(InetAddress.getByName(own.equals(four) ? "0.0.0.0" : "::"), 0);
            try (BoundSocket bound = transport.listen(ListenSpec.at(wildcard, 16).withOwnFamilyOnly(), this::echo);
                Socket client = new Socket(own, bound.address().getPort())) {
                assertThat(nextAccepted().peer()).isEqualTo(client.getLocalSocketAddress());

                assertThat(answers(own.equals(four) ? six : four, bound.address().getPort())).isFalse();
            }
        }
    }

    private static boolean answers(InetAddress address, int port) throws IOException {
        try (Socket client = new Socket(address, port)) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(1);
            return client.getInputStream().read() == 1;
        } catch (SocketException refused) {
            return false;
        }
    }

    @Test
    void takenPortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());

            assertThat(refusal(address)).isEqualTo(ListenFailure.Cause.IN_USE);
        }
    }

    @Test
    void portOfItsOwnIsTakenToo() throws IOException {
        try (BoundSocket first = listen(this::echo)) {
            assertThat(refusal(first.address())).isEqualTo(ListenFailure.Cause.IN_USE);
        }
    }

    @Test
    void portThatNeedsPrivilegesIsNotPermitted() throws IOException {
        InetSocketAddress privileged = new InetSocketAddress(InetAddress.getLoopbackAddress(), ROOT_PORT);
        assumeThat(privileged).satisfies(any -> assertThatThrownBy(() -> new ServerSocket(ROOT_PORT, 1, any.getAddress()).close())
            .hasMessageContaining("Permission denied"));

        assertThat(refusal(privileged)).isEqualTo(ListenFailure.Cause.NOT_PERMITTED);
    }

    @Test
    void addressOfNoInterfaceIsNotHere() throws IOException {
        assertThat(refusal(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0))).isEqualTo(ListenFailure.Cause.NOT_HERE);
    }

    /** What listening on an address comes to that cannot be had. */
    private ListenFailure.Cause refusal(InetSocketAddress address) throws IOException {
        try (BoundSocket bound = transport.listen(ListenSpec.at(address, 16), this::echo)) {
            throw new AssertionError("listens on " + bound.address());
        } catch (ListenException refused) {
            assertThat(refused.failure().text()).isNotBlank();
            return refused.failure().cause();
        }
    }

    @Test
    void closedListenerRefusesAndLeavesItsConnections() throws Exception {
        BoundSocket bound = listen(this::echo);
        try (Socket client = client(bound)) {
            assertThat(nextAccepted()).isNotNull();

            bound.close();
            bound.close();

            client.getOutputStream().write(9);
            assertThat(client.getInputStream().read()).isEqualTo(9);
            assertThatThrownBy(() -> client(bound).close()).isInstanceOf(ConnectException.class);
            assertThat(bound.descriptors()).isEmpty();
            transport.listen(ListenSpec.at(bound.address(), 16), this::echo).close();
        }
    }

    @Test
    void listenerGivesItsDescriptors() throws Exception {
        try (BoundSocket bound = listen(this::echo)) {
            assertThat(bound.descriptors()).isNotEmpty().doesNotHaveDuplicates().allSatisfy(descriptor ->
                assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString()).startsWith("socket:"));
        }
    }

    @Test
    void listenerTakesTheAddressOfAnotherOneOver() throws Exception {
        BoundSocket older = listen(this::echo);
        try (Socket before = client(older)) {
            assertThat(nextAccepted()).isNotNull();
            CompletableFuture<Stream> fresh = new CompletableFuture<>();

            ListenSpec spec = new ListenSpec(older.address(), 16, SocketTuning.DEFAULT, Optional.of(older));
            try (BoundSocket newer = transport.listen(spec, fresh::complete); Socket client = client(newer)) {
                assertThat(newer.address()).isEqualTo(older.address());
                assertThat(fresh.get(SECONDS, TimeUnit.SECONDS).peer().getPort()).isEqualTo(client.getLocalPort());
                assertThat(older.descriptors()).isEmpty();
                older.close();
                before.getOutputStream().write(3);
                assertThat(before.getInputStream().read()).isEqualTo(3);
            }
        }
        assertThatThrownBy(() -> client(older).close()).isInstanceOf(ConnectException.class);
    }

    @Test
    void shortConnectionsLeaveNothingBehind() throws Exception {
        try (BoundSocket bound = listen(this::echo)) {
            long before = sockets();
            for (int i = 0; i < SHORT_CONNECTIONS; i++) {
                try (Socket client = client(bound)) {
                    client.setSoLinger(i % 2 == 0, 0);
                    client.getOutputStream().write(1);
                    assertThat(client.getInputStream().read()).isEqualTo(1);
                }
            }

            await(() -> sockets() <= before);
        }
    }

    @Test
    void connectsOnTheLoopItIsGiven() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Stream stream = connect(loop(1), server.getLocalPort()).get(SECONDS, TimeUnit.SECONDS);
            try (Socket peer = server.accept()) {
                Reader reader = new Reader();
                peer.getOutputStream().write(new byte[6]);
                stream.loop().execute(() -> arm(stream, reader, true));

                assertThat(stream.loop()).isSameAs(loop(1));
                assertThat(stream.peer()).isEqualTo(server.getLocalSocketAddress());
                assertThat(stream.local()).isEqualTo(peer.getRemoteSocketAddress());
                assertThat(reader.next()).isEqualTo(6);
            }
        }
    }

    /** L1. */
    @Test
    void connectsFromTheAddressItIsGiven() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            InetAddress source = InetAddress.getByName("127.0.0.2");
            ConnectSpec spec = new ConnectSpec(new InetSocketAddress("127.0.0.1", server.getLocalPort()), Optional.of(source), SocketTuning.DEFAULT);
            Stream stream = connect(loop(0), spec).get(SECONDS, TimeUnit.SECONDS);

            try (Socket peer = server.accept()) {
                assertThat(peer.getInetAddress()).isEqualTo(source);
                assertThat(stream.local()).isEqualTo(peer.getRemoteSocketAddress());
            }
        }
    }

    @Test
    void addressThatIsNotOursFailsTheAttempt() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            long before = sockets();
            ConnectSpec spec = new ConnectSpec(new InetSocketAddress("127.0.0.1", server.getLocalPort()),
                Optional.of(InetAddress.getByName("192.0.2.1")), SocketTuning.DEFAULT);

            assertThat(failure(connect(loop(0), spec)).cause()).isEqualTo(ConnectFailure.Cause.NOT_OURS);
            await(() -> sockets() <= before);
        }
    }

    @Test
    void refusedConnectionIsReportedAsFailure() throws Exception {
        int free;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = server.getLocalPort();
        }
        long before = sockets();

        ConnectFailure failure = failure(connect(loop(0), free));

        assertThat(failure.cause()).isEqualTo(ConnectFailure.Cause.REFUSED);
        assertThat(failure.text()).isNotBlank();
        await(() -> sockets() <= before);
    }

    /** Connects, one attempt after the other, until one is not refused or all were. Confined to its loop. */
    private final class Persistence implements ConnectListener {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        private final ConnectSpec spec;
        private int left = SELF_ATTEMPTS;

        Persistence(int port) {
            spec = ConnectSpec.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        void next() {
            transport.connect(loop(0), spec, this);
        }

        @Override
        public void connected(Stream stream) {
            result.complete(stream.local() + " is connected to " + stream.peer());
            stream.reset();
        }

        @Override
        public void failed(ConnectFailure why) {
            if (why.cause() != ConnectFailure.Cause.REFUSED) {
                result.complete(why.toString());
            } else if (--left == 0) {
                result.complete("refused");
            } else {
                // Not at once: an attempt may fail before the call that began it returns.
                loop(0).execute(this::next);
            }
        }
    }

    /** A port of those that connections come from, of the parity that they get first (ip_local_port_range in ip(7)). */
    private static int freePortOfConnections() throws IOException {
        String[] range;
        // By one read: a second one would find the end.
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            range = new String(file.readNBytes(64), StandardCharsets.US_ASCII).strip().split("\\s+", -1);
        }
        int first = Integer.parseInt(range[0]);
        for (int port = first + 2000; port < Integer.parseInt(range[1]); port += 2) {
            try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return server.getLocalPort();
            } catch (BindException taken) {
                assertThat(taken).hasMessageContaining("in use");
            }
        }
        throw new AssertionError("every port is taken");
    }

    /** A3. */
    @Test
    void portWhereNobodyListensIsNeverConnectedToItself() throws Exception {
        int free = freePortOfConnections();
        Persistence persistence = new Persistence(free);

        loop(0).execute(persistence::next);

        assertThat(persistence.result.get(50, TimeUnit.SECONDS)).isEqualTo("refused");
        new ServerSocket(free, 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void cancelledAttemptNotifiesNobodyAndLeavesNoSocket() throws Exception {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(full.getInetAddress(), full.getLocalPort());
            // The kernel answers no more requests once the queue of those it has answered is full.
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(address);
            }
            long before = sockets();
            Connecting connecting = new Connecting(new CompletableFuture<>());
            Cancellable attempt = on(loop(0), () -> transport.connect(loop(0), ConnectSpec.to(address), connecting));
            assertThat(sockets()).isGreaterThan(before);

            loop(0).execute(() -> {
                attempt.cancel();
                attempt.cancel();
            });

            await(() -> sockets() <= before);
            assertThat(connecting.result()).isNotDone();
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void defectOfWhoeverConnectedResetsTheConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ConnectSpec spec = ConnectSpec.to(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
            loop(0).execute(() -> transport.connect(loop(0), spec, new ConnectListener() {
                @Override
                public void connected(Stream stream) {
                    throw new NoClassDefFoundError("connected");
                }

                @Override
                public void failed(ConnectFailure why) {
                    throw new AssertionError(why);
                }
            }));

            try (Socket peer = server.accept()) {
                assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void defectOfWhoeverAcceptsResetsTheConnection() throws Exception {
        try (BoundSocket bound = listen(stream -> {
            throw new NoClassDefFoundError("accepted");
        }); Socket client = client(bound)) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    private static SocketTuning idle(int seconds) {
        return new SocketTuning(Duration.ofSeconds(seconds), Duration.ZERO, 0, Duration.ZERO, 0, 0);
    }

    /** Seconds until the next keepalive probe of a connection, or -1: field {@code tr} is 2, {@code tm->when} the time (proc_net_tcp). */
    private static int untilProbe(int localPort, int remotePort) throws IOException {
        String local = String.format(Locale.ROOT, ":%04X ", localPort);
        String remote = String.format(Locale.ROOT, ":%04X ", remotePort);
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/net/tcp")));
        // A socket of either family may be below.
        lines.addAll(Files.readAllLines(Path.of("/proc/self/net/tcp6")));
        for (String line : lines) {
            String[] fields = line.strip().split("\\s+", -1);
            if ((fields[1] + " ").endsWith(local) && (fields[2] + " ").endsWith(remote) && fields[5].startsWith("02:")) {
                return Integer.parseInt(fields[5].substring(3), 16) / TICKS;
            }
        }
        return -1;
    }

    @Test
    void tuningIsThatOfAcceptedAndOfConnectedSockets() throws Exception {
        InetAddress four = InetAddress.getByName("127.0.0.1");
        ListenSpec listen = new ListenSpec(new InetSocketAddress(four, 0), 16, idle(1000), Optional.empty());
        try (BoundSocket bound = transport.listen(listen, this::echo)) {
            int port = bound.address().getPort();
            Stream up = connect(loop(0), new ConnectSpec(new InetSocketAddress(four, port), Optional.empty(), idle(3000)))
                .get(SECONDS, TimeUnit.SECONDS);
            Stream down = nextAccepted();
            settle(down.loop());

            assertThat(untilProbe(port, up.local().getPort())).isBetween(900, 1000);
            assertThat(untilProbe(up.local().getPort(), port)).isBetween(2900, 3000);
            assertThat(on(down.loop(), () -> {
                down.tune(idle(500));
                return untilProbe(port, up.local().getPort());
            })).isBetween(400, 500);
        }
    }

    @Test
    void defectOfATaskOrATimerLeavesTheLoopRunning() throws Exception {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();

        loop(0).execute(() -> {
            throw new NoClassDefFoundError("task");
        });
        loop(0).after(Duration.ofMillis(5), () -> {
            throw new StackOverflowError("timer");
        });
        loop(0).after(Duration.ofMillis(20), () -> ran.complete(true));

        assertThat(ran.get(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void timersRunOnTheLoopUnlessCancelled() throws Exception {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

        // On the loop, where no timer can run before it is cancelled, however slow the machine is.
        loop(0).execute(() -> {
            loop(0).after(Duration.ofMillis(5), () -> cancelled.complete(true)).cancel();
            loop(0).after(Duration.ofMillis(20), () -> ran.complete(loop(0).inside()));
        });

        assertThat(ran.get(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(cancelled).isNotDone();
    }

    @Test
    void timersOfOtherThreadsRunInTheOrderOfTheirDeadlinesUnlessCancelled() throws Exception {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<List<Integer>> done = new CompletableFuture<>();
        Cancellable never = loop(1).after(Duration.ofSeconds(30), () -> order.add(0));
        loop(1).after(Duration.ofMillis(300), () -> done.complete(List.copyOf(order)));
        loop(1).after(Duration.ofMillis(150), () -> order.add(2));
        loop(1).after(Duration.ofMillis(50), () -> order.add(1));
        Cancellable cancelled = loop(1).after(Duration.ofSeconds(20), () -> order.add(3));

        cancelled.cancel();
        cancelled.cancel();
        never.cancel();

        assertThat(done.get(SECONDS, TimeUnit.SECONDS)).containsExactly(1, 2);
    }

    @Test
    void timersThatAreSetWhileTheLoopGoesToSleepAreNotSleptPast() throws Exception {
        for (int i = 0; i < SHORT_CONNECTIONS; i++) {
            CompletableFuture<Boolean> ran = new CompletableFuture<>();
            loop(0).execute(Thread::onSpinWait);
            loop(0).after(Duration.ofMillis(1), () -> ran.complete(true));

            assertThat(ran.get(SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void tasksOfOneThreadRunInTheirOrder() throws Exception {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < SHORT_CONNECTIONS; i++) {
            int number = i;
            loop(0).execute(() -> order.add(number));
        }

        assertThat(on(loop(0), () -> List.copyOf(order))).hasSize(SHORT_CONNECTIONS).isSorted();
    }
}
