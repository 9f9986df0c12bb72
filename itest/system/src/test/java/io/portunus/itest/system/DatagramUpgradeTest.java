// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.DatagramBackend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The zero-drop proof of datagrams: {@code flow.udp} is upgraded and rolled back under numbered sessions. The short form is part of the build;
 * {@code -Dportunus.proof.sessions=1000 -Dportunus.proof.upgrades=20} is the long one (see the README of this folder).
 */
@Tag("alone")
@Timeout(1200)
class DatagramUpgradeTest {
    private static final int SESSIONS = Integer.getInteger("portunus.proof.sessions", 100);
    private static final int UPGRADES = Integer.getInteger("portunus.proof.upgrades", 3);
    private static final int PER_SECOND = 5 * SESSIONS;
    /** One session in so many datagrams begins, sends one, and is silent. */
    private static final int FRESH_EVERY = 50;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration BETWEEN = Duration.ofMillis(300);
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Versions that drain meanwhile, of eight that may be there; each has sessions that end when they were silent for five seconds. */
    private static final int DRAINING = 5;
    /** A machine that stalls for half a second loses datagrams for everybody; what an upgrade loses, each run loses. */
    private static final int RUNS = 3;

    @TempDir
    private Path home = Path.of("");

    private static String node(String transport) {
        return "[global]\nshutdown_drain_secs = 0\ntransport = \"" + transport + "\"\n";
    }

    private static String rule(String name, int port, DatagramBackend target, int idleSecs) {
        return Rules.plain(name, port, target.port()) + """
            protocol = "udp"
            udp_max_flows = 65535
            udp_flow_idle_secs = %d
            sockets = { receive_buffer = 4194304 }
            """.formatted(idleSecs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void theHandlerIsUpgradedUnderSessionsAndNoDatagramIsLostThatWouldHaveBeenKept(String transport) throws IOException {
        Loss loss = proved(transport, 0);
        for (int run = 1; run < RUNS && !loss.kept(); run++) {
            loss = proved(transport, run);
        }
        assertThat(loss.upgraded()).as("datagrams lost while it was upgraded; %d in as long a run without, of a noise of %.1f", loss.undisturbed(),
            loss.noise()).isLessThanOrEqualTo((int) loss.bound());
    }

    /** Of two runs of one length, and how far runs like the second differ by themselves: twice the deviation that its pieces have. */
    private record Loss(int upgraded, int undisturbed, double noise) {
        static Loss of(NumberedSessions sessions, int first, int middle, int end) {
            int[] pieces = IntStream.range(0, UPGRADES)
                .map(i -> sessions.lost(cut(middle, end, i), cut(middle, end, i + 1))).toArray();
            double mean = IntStream.of(pieces).average().orElse(0);
            double variance = IntStream.of(pieces).mapToDouble(piece -> (piece - mean) * (piece - mean)).sum() / Math.max(1, UPGRADES - 1);
            return new Loss(sessions.lost(first, middle), sessions.lost(middle, end), 2 * Math.sqrt(UPGRADES * variance));
        }

        private static int cut(int from, int to, int piece) {
            return from + (int) ((long) (to - from) * piece / UPGRADES);
        }

        double bound() {
            return undisturbed + noise;
        }

        boolean kept() {
            return upgraded <= bound();
        }
    }

    private Loss proved(String transport, int run) throws IOException {
        Path folder = home.resolve("run-" + run);
        int[] ports = {Ports.free(), Ports.free(), Ports.free()};
        try (DatagramBackend a = DatagramBackend.naming("a"); DatagramBackend b = DatagramBackend.naming("b");
                DatagramBackend c = DatagramBackend.naming("c");
                Appliance appliance = Appliance.start(folder, node(transport) + rule("a", ports[0], a, 120) + rule("b", ports[1], b, 120)
                    + rule("fresh", ports[2], c, 5) + "[deploy]\nbake = \"200ms\"\nmax_versions = 8\n")) {
            List<NumberedSessions.Way> ways = List.of(new NumberedSessions.Way(ports[0], 'a'), new NumberedSessions.Way(ports[1], 'b'));
            NumberedSessions sessions = new NumberedSessions(SESSIONS, ways, new NumberedSessions.Way(ports[2], 'c'), FRESH_EVERY, PER_SECOND);
            int first;
            int middle;
            int end;
            try (sessions) {
                sessions.start();
                Await.until("every session is answered", SOON, () -> sessions.heard() >= 2 * SESSIONS);
                LockSupport.parkNanos(WARM_UP.toNanos());
                long began = System.nanoTime();
                first = sessions.sent();
                upgrade(appliance, folder);
                middle = sessions.sent();
                LockSupport.parkNanos(System.nanoTime() - began);
                end = sessions.sent();
            }
            assertThat(sessions.failures()).isEmpty();
            Loss loss = Loss.of(sessions, first, middle, end);
            System.out.printf(Locale.ROOT, "zero-drop proof of datagrams by %s: %d upgrades, %d sessions and %d of one datagram; misrouted 0, "
                + "changed 0, twice 0; lost %d of %d while upgraded, %d of %d undisturbed (noise %.1f)%n", transport, UPGRADES, SESSIONS, c.peers(),
                loss.upgraded(), middle - first, loss.undisturbed(), end - middle, loss.noise());
            // A session that was lost on the way would have come again from another port.
            assertThat(a.peers() + b.peers()).as("sessions that the targets have seen").isEqualTo(SESSIONS);
            // The first version has the sessions that never were silent, the last one the rest.
            Await.until("the versions between are uninstalled", SOON, () -> draining(appliance) <= 1);
            return loss;
        }
    }

    /** Every second upgrade is rolled back before the next one. */
    private static void upgrade(Appliance appliance, Path folder) {
        for (int number = 0; number < UPGRADES; number++) {
            Await.until("there is room for another version", SOON, () -> draining(appliance) <= DRAINING);
            Path newer = BundleJar.versioned(Distribution.bundle("flow.udp"), "0.1." + (10 + number), folder.resolve("jars"));
            done(appliance.upload("/v1/bundles", newer));
            LockSupport.parkNanos(BETWEEN.toNanos());
            if (number % 2 == 1) {
                done(appliance.post("/v1/bundles/io.portunus.flow.udp/rollback"));
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
        }
    }

    private static int draining(Appliance appliance) {
        return appliance.get("/v1/bundles").body().split("\"draining\"", -1).length - 1;
    }

    private static void done(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"done\":true");
    }
}
