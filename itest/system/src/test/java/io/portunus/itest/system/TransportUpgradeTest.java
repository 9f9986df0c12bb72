// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who makes the system calls and who holds the sockets are upgraded each by itself: neither moves what is the other's. */
@Timeout(240)
class TransportUpgradeTest {
    /**
     * Loaders that no object refers to any more and that stay all the same: where the compiler has put the calls of two versions into one method of a
     * loop, the one that is not used lives until the loop leaves that method, or the method is compiled anew. It is never more than one.
     */
    private static final int COMPILED_IN = 1;
    private static final int LOOKS = 100;
    private static final Pattern BYTES = Pattern.compile("\"bytes_(in|out)\":[0-9]+");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String CALLS = "linux.ffm";
    private static final String EPOLL = "transport.epoll";
    private static final String SHIPPED = "0.1.0.SNAPSHOT";
    private static final int STREAMS = 50;
    private static final int ARRIVALS_PER_SECOND = 50;
    private static final long BULK = 64L << 20;

    private final int fast = Ports.free();
    private final int bulk = Ports.free();
    private Path home;
    private Backend named;
    private Backend bulky;
    private Appliance appliance;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        named = Backend.naming("fast");
        bulky = Backend.start(BulkTest::converse);
        appliance = Appliance.start(directory, Rules.plain("fast", fast, named.port()) + "transport = \"epoll\"\n"
            + Rules.plain("bulk", bulk, bulky.port()) + "transport = \"xnio\"\n[deploy]\nbake = \"200ms\"\n");
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        named.close();
        bulky.close();
    }

    private void upgrade(String bundle, String version) {
        done(appliance.upload("/v1/bundles", BundleJar.versioned(Distribution.bundle(bundle), version, home.resolve("jars"))));
    }

    private static void done(HttpResponse<String> answer) {
        assertThat(answer.body()).contains("\"done\":true");
    }

    private boolean runs(String bundle, String version) {
        return appliance.get("/v1/bundles").body().contains("\"io.portunus." + bundle + "\",\"version\":\"" + version + "\"");
    }

    private static String carriedBy(String version) {
        return "\"io.portunus." + EPOLL + "\":\"" + version + "\"";
    }

    private Socket dial() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), fast);
    }

    private static void greeted(Socket socket) throws IOException {
        assertThat(Streams.line(socket.getInputStream())).isEqualTo("fast");
        echoes(socket);
    }

    private static void echoes(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void newerCallsTakeThePlaceOfOlderOnesUnderSocketsThatStay() throws IOException {
        try (Streams streams = new Streams(Duration.ofMillis(20))) {
            streams.add(STREAMS, "fast", this::dial);
            Await.until("every stream is open", SOON, () -> streams.open() + streams.failures().size() == STREAMS);
            assertThat(appliance.get("/v1/flows").body()).contains(carriedBy(SHIPPED));
            int loaders = appliance.bundleLoaders();
            Map<String, String> sockets = appliance.sockets(fast);
            List<String> loops = appliance.threads("flow-epoll-");
            assertThat(sockets).hasSizeGreaterThan(STREAMS);
            assertThat(loops).isNotEmpty();

            Arrivals arrivals = new Arrivals(ARRIVALS_PER_SECOND, List.of(new Arrivals.Caller(fast, "fast", "anybody there?")));
            try (arrivals) {
                upgrade(CALLS, "0.1.1");
                Await.until("nothing refers to the older calls", SOON, () -> !runs(CALLS, SHIPPED)
                    && appliance.bundleLoaders() <= loaders + COMPILED_IN);
                done(appliance.post("/v1/bundles/" + CALLS + "/rollback"));
                Await.until("nothing refers to the newer calls", SOON, () -> !runs(CALLS, "0.1.1")
                    && appliance.bundleLoaders() <= loaders + COMPILED_IN);
                upgrade(CALLS, "0.1.2");
                Await.until("nothing refers to those before", SOON, () -> !runs(CALLS, SHIPPED)
                    && appliance.bundleLoaders() <= loaders + COMPILED_IN);
                long before = streams.exchanged();
                Await.until("streams go on", SOON, () -> streams.exchanged() > before + STREAMS);
            }
            assertThat(arrivals.failures()).isEmpty();
            assertThat(arrivals.served()).isNotEmpty();
            Await.until("arrivals are gone, and all other sockets are where they were", SOON, () -> appliance.sockets(fast).equals(sockets));
            assertThat(appliance.threads("flow-epoll-")).isEqualTo(loops);
            assertThat(streams.failures()).isEmpty();
            assertThat(streams.open()).isEqualTo(STREAMS);
        }
        assertThat(appliance.get("/metrics").body()).doesNotContainPattern("reason=\"no_handler\"[^}]*} [1-9]");
    }

    /** Holds back whoever reads on, until it is closed. */
    private static final class Halting extends InputStream {
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch halted = new CountDownLatch(1);
        private final InputStream in;
        private long left = BULK / 4;

        Halting(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = in.read(bytes, from, length);
            left -= read;
            if (left <= 0) {
                halted.countDown();
                hold();
            }
            return read;
        }

        private void hold() {
            try {
                assertThat(go.await(120, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        @Override
        public void close() {
            go.countDown();
        }
    }

    /** What is done while a download of the other transport waits in a pipe. */
    private interface Meanwhile {
        void act() throws IOException;
    }

    private void bulkWaits(Meanwhile meanwhile) throws Exception {
        CompletableFuture<Halting> reader = new CompletableFuture<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> intact = clients.submit(() -> download(reader));
            Halting halting = reader.get(10, TimeUnit.SECONDS);
            try (halting) {
                assertThat(halting.halted.await(30, TimeUnit.SECONDS)).isTrue();
                Await.until("bulk waits in a pipe", SOON, this::pipesStay);
                meanwhile.act();
            }
            assertThat(intact.get(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(appliance.get("/v1/status").body()).contains("\"pump\":\"splice\"");
    }

    @Test
    void newerTransportTakesOverItsListenersAndLeavesTheBulkOfOthersAlone() throws Exception {
        bulkWaits(this::transportIsUpgraded);
    }

    @Test
    void bulkThatWaitsInAPipeOutlivesTheCallsItBeganWith() throws Exception {
        bulkWaits(() -> {
            List<String> pipes = appliance.descriptorsOf("pipe:");
            upgrade(CALLS, "0.1.1");
            Await.until("the older version is uninstalled", SOON, () -> !runs(CALLS, SHIPPED));
            assertThat(appliance.descriptorsOf("pipe:")).isEqualTo(pipes);
        });
    }

    private void transportIsUpgraded() throws IOException {
        List<String> pipes = appliance.descriptorsOf("pipe:");
        Map<String, String> others = appliance.sockets(bulk);
        try (Socket old = dial()) {
            greeted(old);

            upgrade(EPOLL, "0.1.1");

            echoes(old);
            try (Socket young = dial()) {
                greeted(young);
                assertThat(appliance.get("/v1/flows").body()).contains(carriedBy(SHIPPED)).contains(carriedBy("0.1.1"));
            }
            assertThat(appliance.descriptorsOf("pipe:")).isEqualTo(pipes);
            assertThat(appliance.sockets(bulk)).isEqualTo(others);
            assertThat(runs(CALLS, SHIPPED)).isTrue();
        }
        Await.until("the older version goes with its last flow", SOON, () -> !runs(EPOLL, SHIPPED));
        assertThat(appliance.descriptorsOf("pipe:")).isEqualTo(pipes);
    }

    /** Whether pipes are the same ones, and no byte moves, however often one looks: buffers of the system fill up first. */
    private boolean pipesStay() {
        List<String> before = appliance.descriptorsOf("pipe:");
        String moved = moved();
        boolean stay = !before.isEmpty();
        for (int look = 0; stay && look < LOOKS; look++) {
            stay = moved().equals(moved) && appliance.descriptorsOf("pipe:").equals(before);
        }
        return stay;
    }

    /** The bytes that each flow has moved. */
    private String moved() {
        return BYTES.matcher(appliance.get("/v1/flows").body()).results().map(MatchResult::group).collect(Collectors.joining());
    }

    private boolean download(CompletableFuture<Halting> reader) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bulk)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write('D');
            out.writeLong(BULK);
            out.writeLong(7);
            Halting halting = new Halting(socket.getInputStream());
            reader.complete(halting);
            long received = BulkTest.receive(halting, BULK);
            return new DataInputStream(socket.getInputStream()).readLong() == received;
        }
    }
}
