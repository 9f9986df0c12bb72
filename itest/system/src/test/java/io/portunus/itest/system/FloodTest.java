// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What attackers do to memory, places and entries, and that others do not notice. */
@Tag("alone")
@Timeout(240)
class FloodTest {
    /** What the README promises at the settings that are shipped. */
    private static final long MOST_RESIDENT = 320L << 20;
    private static final String NAME = "a.example.test";
    /** A ClientHello of all but a few bytes of the 65,020 that it declares. */
    private static final int UNFINISHED = 64_920;

    /** A1: on five ports more connections than may wait, each with a ClientHello that lacks its end. */
    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void unfinishedClientHellosLeaveTheNodeWhole(String transport, @TempDir Path directory) throws Exception {
        int ports = Ports.freeRange(6);
        try (Backend echo = Backend.echo(); Appliance node = Appliance.start(directory, global(transport) + named(ports, 5, echo.port())
                + Rules.plain("plain", ports + 5, echo.port())); Flood flood = new Flood("127.0.0.2");
                Watch others = new Watch(ports + 5, ports)) {
            for (int port = ports; port < ports + 5; port++) {
                flood.open(port, 1_030, unfinishedClientHello());
            }
            others.several();

            isWell(node, "unfinished hellos, " + transport, others);
        }
    }

    /** A1: the same bytes, whole, behind which no target answers. */
    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void clientHellosThatWaitForADeadTargetLeaveTheNodeWhole(String transport, @TempDir Path directory) throws Exception {
        int ports = Ports.freeRange(6);
        try (Backend echo = Backend.echo(); DeafTarget deaf = new DeafTarget();
                Appliance node = Appliance.start(directory, global(transport) + named(ports, 4, deaf.port())
                    + Rules.named("quiet", ports + 4, NAME, echo.port()) + Rules.plain("plain", ports + 5, echo.port()));
                Flood flood = new Flood("127.0.0.2"); Watch others = new Watch(ports + 5, ports + 4)) {
            for (int port = ports; port < ports + 4; port++) {
                flood.open(port, 1_030, wholeClientHello());
            }
            others.several();

            isWell(node, "hellos that wait for a target, " + transport, others);
        }
    }

    /** B10. */
    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void quietClientKeepsAPortThatOneAddressFloods(String transport, @TempDir Path directory) throws Exception {
        int port = Ports.free();
        byte[] half = Arrays.copyOf(ClientHellos.named(NAME), 100);
        try (Backend echo = Backend.echo(); Appliance node = Appliance.start(directory,
                global(transport) + Rules.named("quiet", port, NAME, echo.port())); Flood flood = new Flood("127.0.0.2")) {
            Watch quiet = new Watch(port, port);
            flood.open(port, 1_024, half);
            quiet.start();
            while (quiet.tries.get() < 100) {
                flood.open(port, 100, half);
                flood.leave(1_200);
            }
            quiet.end();

            System.out.printf("a flooded port, %s: a quiet client got %d of %d through%n", transport, quiet.good.get(), quiet.tries.get());
            assertThat(quiet.good.get()).isGreaterThanOrEqualTo((int) (0.99 * quiet.tries.get()));
            assertThat(node.get("/metrics").body()).containsPattern("reason=\"peek_capacity\"} [1-9]");
        }
    }

    /** B11, and C10: no rule takes the last tenth, and it is seen. */
    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void ruleThatIsFullLeavesTheOthersTheirShare(String transport, @TempDir Path directory) throws Exception {
        int ports = Ports.freeRange(2);
        try (Backend echo = Backend.echo(); Appliance node = Appliance.start(directory, global(transport) + "[limits]\nmax_connections = 200\n"
                + Rules.plain("busy", ports, echo.port()) + Rules.plain("other", ports + 1, echo.port())); Flood flood = new Flood("127.0.0.2")) {
            flood.open(ports, 300, new byte[] {1});
            Await.until("the rule has all that it may have", Duration.ofSeconds(20), () -> gauge(node, "portunus_connections_active") == 180);

            for (int i = 0; i < 15; i++) {
                assertThat(exchange(ports + 1, new byte[] {2}, 10_000)).isTrue();
            }
            assertThat(node.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(node.get("/readyz").body()).contains("\"degraded\":true", "connections_full", "rule busy");
            assertThat(node.errors().lines().filter(l -> l.contains("flow.ceiling_reached"))).hasSize(1);
            assertThat(gauge(node, "portunus_connections_limit")).isEqualTo(200);
        }
    }

    /** C10, C4: the ceiling is what the process has memory and descriptors for, and the number that is reported is the one that holds. */
    @Test
    void ceilingIsWhatTheProcessCanHold(@TempDir Path directory) throws Exception {
        int port = Ports.free();
        try (Backend echo = Backend.echo(); Appliance node = Appliance.start(directory, Rules.plain("one", port, echo.port()),
                Map.of("PORTUNUS_JAVA_OPTS", "-Xmx64m")); Flood flood = new Flood("127.0.0.2")) {
            long most = gauge(node, "portunus_connections_limit");
            assertThat(most).isBetween(2_000L, 6_000L);
            flood.open(port, (int) most + 200, new byte[] {1});
            Await.until("some were turned away", Duration.ofSeconds(60), () -> node.get("/readyz").body().contains("connections_full"));
            flood.end();

            Await.until("the rule forwards again", Duration.ofSeconds(60), () -> exchange(port, new byte[] {2}, 2_000));
        }
    }

    /** C4: connections leave the node the descriptors that it needs for itself. */
    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void fewDescriptorsLeaveTheNodeItsOwn(String transport, @TempDir Path directory) throws Exception {
        int port = Ports.free();
        String rules = global(transport) + Rules.plain("one", port, 1);
        try (Backend echo = Backend.echo(); Appliance node = Appliance.limited(directory, global(transport)
                + Rules.plain("one", port, echo.port()), 200); Flood flood = new Flood("127.0.0.2")) {
            long most = gauge(node, "portunus_connections_limit");
            assertThat(most).isBetween(1L, 60L);
            assertThat(node.errors()).contains("standalone.rlimit_nofile_low", most + " connections fit");

            flood.open(port, 300, new byte[] {1});
            Await.until("some were turned away", Duration.ofSeconds(30), () -> node.get("/readyz").body().contains("connections_full"));

            node.configure(rules);
            Await.until("the file can be read", Duration.ofSeconds(30), () -> node.post("/v1/reload").statusCode() == 200);
            flood.end();
        }
    }

    private static String global(String transport) {
        return "[global]\ntransport = \"" + transport + "\"\n";
    }

    private static String named(int first, int count, int target) {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rules.append(Rules.named("named-" + i, first + i, NAME, target));
        }
        return rules.toString();
    }

    /** A real ClientHello with a padding extension (RFC 7685) that makes it long, in records of 16 KiB. */
    private static byte[] wholeClientHello() throws IOException {
        return LongClientHello.of(ClientHellos.named(NAME), UNFINISHED);
    }

    private static byte[] unfinishedClientHello() throws IOException {
        byte[] whole = wholeClientHello();
        return Arrays.copyOf(whole, whole.length - 100);
    }

    private static void isWell(Appliance node, String what, Watch others) throws Exception {
        others.end();
        long most = node.highestResidentBytes();
        System.out.printf("%s: at most %d MiB resident; others got %d of %d through, the slowest in %d ms%n", what, most >> 20,
            others.good.get(), others.tries.get(), others.slowest.get());
        assertThat(others.good.get()).isEqualTo(others.tries.get()).isGreaterThan(10);
        assertThat(most).isLessThan(MOST_RESIDENT);
        assertThat(gauge(node, "portunus_buffered_bytes")).isLessThanOrEqualTo(gauge(node, "portunus_buffer_limit_bytes") * 9 / 8);
        assertThat(node.get("/metrics").body()).containsPattern("reason=\"(buffers_full|peek_capacity)\"} [1-9]");
        assertThat(node.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(node.errors()).doesNotContain("OutOfMemoryError", "internal_error");
    }

    private static long gauge(Appliance node, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + "\\{[^}]*} ([0-9.E]+)$").matcher(node.get("/metrics").body());
        assertThat(line.find()).as(name).isTrue();
        return (long) Double.parseDouble(line.group(1));
    }

    private static boolean exchange(int port, byte[] words, int patienceMillis) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(patienceMillis);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
            socket.getOutputStream().write(words);
            return Arrays.equals(socket.getInputStream().readNBytes(words.length), words);
        } catch (IOException turnedAway) {
            return false;
        }
    }

    /** Two clients that do what others do, one by a plain rule and one by name, one exchange after the other. */
    private static final class Watch implements AutoCloseable {
        final AtomicInteger tries = new AtomicInteger();
        final AtomicInteger good = new AtomicInteger();
        final AtomicInteger slowest = new AtomicInteger();
        private final List<Thread> clients = new ArrayList<>();
        private volatile boolean over;

        Watch(int plain, int named) throws IOException {
            byte[] clientHello = ClientHellos.named(NAME);
            if (plain != named) {
                clients.add(new Thread(() -> goOn(plain, new byte[] {42})));
            }
            clients.add(new Thread(() -> goOn(named, clientHello)));
            if (plain != named) {
                start();
            }
        }

        void start() {
            clients.forEach(Thread::start);
        }

        private void goOn(int port, byte[] words) {
            while (!over) {
                long begun = System.nanoTime();
                boolean well = exchange(port, words, 20_000);
                slowest.accumulateAndGet((int) ((System.nanoTime() - begun) / 1_000_000), Math::max);
                tries.incrementAndGet();
                good.addAndGet(well ? 1 : 0);
            }
        }

        /** Waits for some more exchanges under what is there by now. */
        void several() {
            int then = tries.get() + 10;
            Await.until("others get on", Duration.ofSeconds(60), () -> tries.get() >= then);
        }

        @Override
        public void close() {
            end();
        }

        void end() {
            over = true;
            Await.until("the clients have ended", Duration.ofSeconds(60), () -> clients.stream().noneMatch(Thread::isAlive));
        }
    }

    /** A target whose queue is full: the system drops every SYN to it. */
    private static final class DeafTarget implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final Flood filling = new Flood("127.0.0.3");

        DeafTarget() throws IOException {
            for (int i = 0; i < 2; i++) {
                filling.open(server.getLocalPort(), 1, new byte[0]);
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            filling.close();
            server.close();
        }
    }
}
