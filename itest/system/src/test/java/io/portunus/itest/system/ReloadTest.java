// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file is changed while it forwards. The ids in the names are those of the cases that bit users of other products. */
@Timeout(90)
class ReloadTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String QUICK_DRAIN = "[global]\nshutdown_drain_secs = 2\n";

    private final int one = Ports.free();
    private final int two = Ports.free();
    private Backend first;
    private Backend second;
    private Appliance appliance;

    @BeforeEach
    void start(@TempDir Path directory) {
        first = Backend.naming("first");
        second = Backend.naming("second");
        appliance = Appliance.start(directory, toml(Rules.plain("one", one, first.port()), Rules.plain("two", two, first.port())));
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        first.close();
        second.close();
    }

    private static String toml(String... rules) {
        return String.join("", rules) + QUICK_DRAIN;
    }

    private static Socket dial(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String backend(int port) throws IOException {
        try (Socket socket = dial(port)) {
            return Streams.line(socket.getInputStream());
        }
    }

    private static boolean answers(int port, String name) {
        try {
            return backend(port).equals(name);
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void exchange(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('x');
    }

    private String reload() {
        return appliance.post("/v1/reload").body();
    }

    @Test
    void d1d4EditOfARuleTouchesNoConnectionOfItsOwnNorOfAnother() throws IOException {
        try (Socket ofOne = dial(one); Socket ofTwo = dial(two)) {
            Streams.line(ofOne.getInputStream());
            Streams.line(ofTwo.getInputStream());

            appliance.configure(toml(Rules.plain("one", one, second.port()), Rules.plain("two", two, first.port())));
            Await.until("new connections go to the new target", SOON, () -> answers(one, "second"));

            exchange(ofOne);
            exchange(ofTwo);
            assertThat(appliance.get("/v1/flows").body()).contains("127.0.0.1:" + first.port());
        }
    }

    @Test
    void d2RuleThatWentLetsItsConnectionsDrainAndThenEndsThem() throws IOException {
        try (Socket ofOne = dial(one); Socket ofTwo = dial(two)) {
            Streams.line(ofOne.getInputStream());
            Streams.line(ofTwo.getInputStream());

            appliance.configure(toml(Rules.plain("two", two, first.port())));
            Await.until("the port is closed", SOON, () -> refused(one));
            exchange(ofOne);

            assertThat(Clients.ended(ofOne)).isTrue();
            exchange(ofTwo);
        }
        Await.until("its end is recorded", SOON, () -> appliance.accessLog().contains("\"drained\""));
    }

    private static boolean refused(int port) {
        try {
            dial(port).close();
            return false;
        } catch (ConnectException nobody) {
            return true;
        } catch (IOException other) {
            return false;
        }
    }

    @Test
    void d3ManyReloadsUnderLongConnectionsLeaveNothingBehind() throws IOException {
        try (Socket ofOne = dial(one); Socket ofTwo = dial(two)) {
            Streams.line(ofOne.getInputStream());
            Streams.line(ofTwo.getInputStream());
            reload();
            int threads = appliance.threads();
            int descriptors = appliance.descriptors();
            for (int i = 0; i < 60; i++) {
                appliance.configure(toml(Rules.plain("one", one, i % 2 == 0 ? second.port() : first.port()), Rules.plain("two", two, first.port()),
                    Rules.plain("extra-" + i, Ports.free(), second.port())));
                assertThat(reload()).doesNotContain("\"refused\"");
            }
            appliance.configure(toml(Rules.plain("one", one, first.port()), Rules.plain("two", two, first.port())));
            reload();

            exchange(ofOne);
            exchange(ofTwo);
            Await.until("threads are given back", SOON, () -> appliance.threads() <= threads + 2);
            Await.until("descriptors are given back", SOON, () -> appliance.descriptors() <= descriptors + 2);
        }
    }

    @Test
    void d5RuleIsAddedByASignal() throws IOException {
        int three = Ports.free();
        try (Socket ofOne = dial(one)) {
            Streams.line(ofOne.getInputStream());
            appliance.configure(toml(Rules.plain("one", one, first.port()), Rules.plain("two", two, first.port()),
                Rules.plain("three", three, second.port())));

            appliance.signal("HUP");

            Await.until("the new rule forwards", SOON, () -> answers(three, "second"));
            exchange(ofOne);
        }
    }

    @Test
    void d6FileThatStatesTheSameDoesNothing() {
        String before = appliance.get("/v1/rules").body();

        assertThat(reload()).contains("\"unchanged\"");
        appliance.configure("# a comment\n\n" + toml(Rules.plain("one", one, first.port()), Rules.plain("two", two, first.port())));
        assertThat(reload()).contains("\"unchanged\"");

        assertThat(appliance.get("/v1/rules").body()).isEqualTo(before);
        assertThat(appliance.errors()).doesNotContain("config.reloaded").doesNotContain("rule.removed");
    }

    @Test
    void brokenFileChangesNothingAndEveryProblemIsReported() throws IOException {
        String before = appliance.get("/v1/rules").body();
        try (Socket ofOne = dial(one)) {
            Streams.line(ofOne.getInputStream());

            appliance.configure(toml(Rules.plain("one", one, first.port()).replace("listen_port", "listen_prt"), Rules.plain("two", two, 0)));
            String said = reload();

            assertThat(said).contains("\"refused\"").contains("unknown_key").contains("listen_prt").contains("rule[1].target");
            assertThat(appliance.get("/v1/rules").body()).isEqualTo(before);
            assertThat(backend(one)).isEqualTo("first");
            exchange(ofOne);
        }
        assertThat(appliance.process().isAlive()).isTrue();
        assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void ruleThatCannotBindIsAFailedRuleAndTheOthersLiveOn() throws IOException {
        int taken = Ports.free();
        String withTaken = toml(Rules.plain("one", one, first.port()), Rules.plain("taken", taken, first.port()),
            Rules.plain("two", two, second.port()));
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(taken));
            appliance.configure(withTaken);

            assertThat(reload()).contains("port_in_use").contains("\"applied\"");

            assertThat(appliance.get("/v1/rules").body()).contains("\"failed\"").contains("port_in_use");
            assertThat(backend(one)).isEqualTo("first");
            assertThat(backend(two)).isEqualTo("second");
        }
        // The port is free now; the same file, asked for again, binds it.
        reload();
        assertThat(backend(taken)).isEqualTo("first");
    }

    @Test
    void portMovesFromOneRuleToAnother() throws IOException {
        appliance.configure(toml(Rules.plain("one", two, second.port()), Rules.plain("two", one, first.port())));

        reload();

        assertThat(backend(one)).isEqualTo("first");
        assertThat(backend(two)).isEqualTo("second");
    }

    @Test
    void settingsFollowTheFile() {
        appliance.configure("[limits]\nmax_connections = 1\n" + toml(Rules.plain("one", one, first.port())));
        reload();

        assertThat(appliance.get("/v1/rules").body()).contains("\"one\"").doesNotContain("\"two\"");
        assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void changeIsWrittenDownWithWhoAndWhat() {
        appliance.configure(toml(Rules.plain("one", one, first.port())));
        reload();

        assertThat(appliance.get("/v1/changes").body()).contains("config.reload");
        assertThat(appliance.errors()).contains("config.reload");
    }
}
