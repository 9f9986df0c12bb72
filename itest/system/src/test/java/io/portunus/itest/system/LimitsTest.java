// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.DatagramBackend;
import io.portunus.itest.testkit.DatagramClient;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of rules through real sockets: how exact they are, what becomes of what is beyond them, and how they change under flows. */
@Tag("alone")
@Timeout(240)
class LimitsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final long RATE = 4_000_000;
    private static final long BURST = RATE / 10;

    private final int port = Ports.free();
    @TempDir
    private Path folder;

    private String rule(String transport, int target, String more) {
        return "[global]\nshutdown_drain_secs = 0\ntransport = \"" + transport + "\"\n" + Rules.plain("limited", port, target) + more;
    }

    private static String metrics(Appliance appliance) {
        return appliance.get("/metrics").body();
    }

    private interface Transfer {
        boolean arrives(long bytes, long seed) throws IOException;
    }

    /** So many connections share the rate; four seconds' worth goes by all of them together. */
    private static void keepsToTheRate(int connections, Transfer transfer) throws Exception {
        long bytes = 4 * RATE / connections;
        long begun = System.nanoTime();
        List<Future<Boolean>> results = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long seed = 1; seed <= connections; seed++) {
                long its = seed;
                Callable<Boolean> one = () -> transfer.arrives(bytes, its);
                results.add(clients.submit(one));
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        for (Future<Boolean> result : results) {
            assertThat(result.get()).isTrue();
        }
        assertThat(connections * bytes / (RATE * seconds + BURST)).as("%d connections, %.2f s", connections, seconds).isBetween(0.7, 1.02);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void connectionsAreHeldBackByTheRateAndStayOnSplice(String transport) throws Exception {
        String limits = "rate_limit = { bandwidth_in_bps = \"32Mbit/s\", bandwidth_in_burst = " + BURST + ", bandwidth_out_bps = " + RATE
            + ", bandwidth_out_burst = \"400kB\" }\n";
        try (Backend bulk = Backend.start(BulkTest::converse); Appliance appliance = Appliance.start(folder, rule(transport, bulk.port(), limits))) {
            keepsToTheRate(1, (bytes, seed) -> BulkTest.down(port, bytes, seed));
            assertThat(appliance.pipes()).as("pipes, which lanes have").isPositive();
            keepsToTheRate(1, (bytes, seed) -> BulkTest.up(port, bytes, seed));
            keepsToTheRate(20, (bytes, seed) -> BulkTest.down(port, bytes, seed));
            assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void burstSmallerThanAReadHoldsNobodyUp(String transport) throws Exception {
        String limits = "bandwidth_in_bps = \"8KiB/s\"\nbandwidth_in_burst = 81\n";
        try (Backend echo = Backend.naming("backend"); Appliance appliance = Appliance.start(folder, rule(transport, echo.port(), limits));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            assertThat(Streams.line(socket.getInputStream())).isEqualTo("backend");
            long begun = System.nanoTime();
            socket.getOutputStream().write(new byte[24 * 1024]);
            assertThat(socket.getInputStream().readNBytes(24 * 1024)).hasSize(24 * 1024);
            assertThat((System.nanoTime() - begun) / 1e9).as("seconds for three seconds' worth").isGreaterThan(2.9);
            assertThat(appliance.process().isAlive()).isTrue();
        }
    }

    /** Counts what an open connection gets. */
    private static void counting(Socket socket, AtomicLong got) {
        Thread.ofVirtual().start(() -> {
            byte[] block = new byte[64 * 1024];
            try {
                for (int read = socket.getInputStream().read(block); read > 0; read = socket.getInputStream().read(block)) {
                    got.addAndGet(read);
                }
            } catch (IOException ended) {
                got.addAndGet(0);
            }
        });
    }

    private static void reload(Appliance appliance, String toml) {
        appliance.configure(toml);
        assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]");
    }

    /** What is under way when a limit comes is in buffers, which are small here. */
    private static double rate(AtomicLong got, long bytes) {
        long before = got.get();
        long begun = System.nanoTime();
        Await.until("so many bytes have come", SOON, () -> got.get() - before >= bytes);
        return (got.get() - before) / ((System.nanoTime() - begun) / 1e9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void limitThatComesChangesAndGoesHoldsForWhatIsOpen(String transport) throws Exception {
        String small = "sockets = { send_buffer = 65536 }\n";
        AtomicLong got = new AtomicLong();
        try (Backend endless = Backend.start(socket -> {
            byte[] block = new byte[64 * 1024];
            while (true) {
                socket.getOutputStream().write(block);
            }
        }); Appliance appliance = Appliance.start(folder, rule(transport, endless.port(), small)); Socket socket = new Socket()) {
            socket.setReceiveBufferSize(64 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            counting(socket, got);
            assertThat(rate(got, 100_000_000)).as("without a limit").isGreaterThan(3 * RATE);

            reload(appliance, rule(transport, endless.port(), small + "bandwidth_out_bps = " + RATE + "\nbandwidth_out_burst = 40000\n"));
            assertThat(rate(got, 4 * RATE) / RATE).as("by the limit that came").isBetween(0.7, 1.2);

            reload(appliance, rule(transport, endless.port(), small + "bandwidth_out_bps = " + RATE / 4 + "\nbandwidth_out_burst = 10000\n"));
            assertThat(rate(got, RATE) / (RATE / 4.0)).as("by the lower limit").isBetween(0.7, 1.3);

            reload(appliance, rule(transport, endless.port(), small));
            assertThat(rate(got, 200_000_000)).as("without it again").isGreaterThan(3 * RATE);
        }
    }

    private boolean refused() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        assertThat(Streams.line(socket.getInputStream())).isEqualTo("backend");
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void connectionsBeyondTheirNumberAreResetAndCountedAndALowerNumberEndsNobody(String transport) throws Exception {
        try (Backend backend = Backend.naming("backend");
                Appliance appliance = Appliance.start(folder, rule(transport, backend.port(), "concurrent_connections = 2\n"))) {
            assertThat(metrics(appliance)).contains("reason=\"conn_concurrent\"", "reason=\"conn_rate\"");
            try (Socket one = open(); Socket two = open()) {
                assertThat(refused()).isTrue();
                assertThat(metrics(appliance)).containsPattern("reason=\"conn_concurrent\"[^}]*} 1.0");

                reload(appliance, rule(transport, backend.port(), "concurrent_connections = 1\n"));
                one.getOutputStream().write('x');
                assertThat(one.getInputStream().read()).isEqualTo('x');
                two.getOutputStream().write('y');
                assertThat(two.getInputStream().read()).isEqualTo('y');
                assertThat(refused()).isTrue();
                assertThat(appliance.get("/v1/explain?plain=true&port=" + port).body()).contains("\"limited_by\":{\"limits\":"
                    + "{\"concurrent_connections\":1}}");
                reload(appliance, rule(transport, backend.port(), "concurrent_connections = 3\n"));
                open().close();
            }
            reload(appliance, rule(transport, backend.port(), "new_connections_per_sec = 1\nnew_connections_burst = 1\n"));
            boolean any = false;
            for (int i = 0; i < 20; i++) {
                any |= refused();
            }
            assertThat(any).as("one of twenty in a row").isTrue();
            assertThat(metrics(appliance)).containsPattern("reason=\"conn_rate\"[^}]*} [1-9]");
        }
    }

    private static boolean passes(DatagramClient client) {
        try {
            client.send(new byte[1400]);
            return client.receive(Duration.ofMillis(100)).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Far more than the rate is sent, for as long as it takes until so much has come; a datagram longer than the burst is among them. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void datagramsBeyondTheRateAreDroppedAndCounted(String transport) throws Exception {
        String limits = "protocol = \"udp\"\nbandwidth_in_bps = 100000\nbandwidth_in_burst = 1000\n";
        try (DatagramBackend echo = DatagramBackend.echo(); Appliance appliance = Appliance.start(folder, rule(transport, echo.port(), limits));
                DatagramClient client = DatagramClient.of(port)) {
            client.send(new byte[1]);
            assertThat(client.receive(SOON)).isPresent();
            Await.until("a datagram longer than the burst passes", SOON, () -> passes(client));
            long begun = System.nanoTime();
            long came = 0;
            while (came < 300_000) {
                client.send(new byte[500]);
                came += client.receive(Duration.ofMillis(1)).map(bytes -> bytes.length).orElse(0);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            assertThat(came / (100_000 * seconds + 3_000)).as("%.2f s", seconds).isBetween(0.5, 1.05);
            assertThat(metrics(appliance)).containsPattern("limit_in\"[^}]*} [1-9]");
        }
    }
}
