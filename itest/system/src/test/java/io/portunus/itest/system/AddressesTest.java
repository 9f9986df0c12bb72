// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where rules listen: families kept apart, and addresses and ports that are not to be had yet. */
@Timeout(180)
class AddressesTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of(".");
    private final int port = Ports.free();
    private Backend four;
    private Backend six;

    @BeforeEach
    void start() {
        four = Backend.naming("four");
        six = Backend.naming("six");
    }

    @AfterEach
    void stop() throws IOException {
        four.close();
        six.close();
    }

    private String served(String address) {
        try (Socket socket = new Socket(InetAddress.getByName(address), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(1);
            return Streams.line(socket.getInputStream());
        } catch (IOException refused) {
            return "refused";
        }
    }

    private static void assumeIpv6() {
        assumeThat("::1").satisfies(any -> new ServerSocket(0, 1, InetAddress.getByName(any)).close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void oneRuleForEachFamilyOnOnePort(String transport) {
        assumeIpv6();
        String global = "[global]\ntransport = \"" + transport + "\"\n";
        String both = global + Rules.plain("four", port, four.port()) + "bind = \"0.0.0.0\"\n" + Rules.plain("six", port, six.port())
            + "bind = \"::\"\n";
        try (Appliance appliance = Appliance.start(directory, both)) {
            assertThat(served("127.0.0.1")).isEqualTo("four");
            assertThat(served("::1")).isEqualTo("six");
            assertThat(appliance.get("/v1/listeners").body()).contains("\"0.0.0.0:" + port + "\"").contains("\"[::]:" + port + "\"");

            appliance.configure(global + Rules.plain("four", port, four.port()) + "bind = \"0.0.0.0\"\n");
            Await.until("IPv6 is let go", SOON, () -> served("::1").equals("refused"));
            assertThat(served("127.0.0.1")).isEqualTo("four");

            appliance.configure(global + Rules.plain("six", port, six.port()) + "bind = \"::\"\n");
            Await.until("IPv4 is let go", SOON, () -> served("127.0.0.1").equals("refused"));
            Await.until("IPv6 is served", SOON, () -> served("::1").equals("six"));

            appliance.configure(global + Rules.plain("six", port, six.port()) + "bind = \"::\"\ndual_stack = true\n");
            Await.until("both are served", SOON, () -> served("127.0.0.1").equals("six") && served("::1").equals("six"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void changeOfTheFamilyLeavesWhatLives(String transport) throws IOException {
        String global = "[global]\ntransport = \"" + transport + "\"\n";
        try (Backend echo = Backend.echo(); Appliance appliance = Appliance.start(directory, global + Rules.plain("web", port, echo.port()));
            Socket open = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            open.setSoTimeout(10_000);
            open.getOutputStream().write(7);
            assertThat(open.getInputStream().read()).isEqualTo(7);

            appliance.configure(global + Rules.plain("web", port, echo.port()) + "bind = \"0.0.0.0\"\n");
            Await.until("it is bound anew", SOON, () -> appliance.get("/v1/listeners").body().contains("\"0.0.0.0:" + port + "\""));

            open.getOutputStream().write(8);
            assertThat(open.getInputStream().read()).isEqualTo(8);
            assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutIpv6EveryAddressIsThatOfIpv4() {
        try (Appliance appliance = Appliance.start(directory, Rules.plain("web", port, four.port()),
            Map.of("PORTUNUS_JAVA_OPTS", "-Djava.net.preferIPv4Stack=true"))) {
            assertThat(served("127.0.0.1")).isEqualTo("four");
            assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void addressThatIsNotThereEndsTheStartWithASentence() {
        Appliance appliance = Appliance.launch(directory, Rules.plain("web", port, four.port()) + "bind = \"192.0.2.77\"\n");

        assertThat(appliance.awaitExit()).isEqualTo(1);
        assertThat(appliance.errors()).contains("bind_failed").contains("net.ipv4.ip_nonlocal_bind").contains("start = \"partial\"");
    }

    @Test
    void nodeThatMayStartInPartTriesTheRestAgainByItself() throws IOException {
        int taken = Ports.free();
        String toml = "[global]\nstart = \"partial\"\nlog_level = \"info\"\n" + Rules.plain("here", port, four.port())
            + Rules.plain("later", taken, six.port()) + Rules.plain("elsewhere", Ports.free(), six.port()) + "bind = \"192.0.2.77\"\n";
        try (Appliance appliance = startBesides(taken, toml)) {
            Await.until("the port is let go", SOON, () -> appliance.errors().contains("listener.recovered"));
            assertThat(appliance.get("/readyz").body()).contains("192.0.2.77").doesNotContain("*:" + taken);
            assertThat(appliance.get("/v1/rules").body()).contains("\"reason\":\"bind_failed\"").doesNotContain("\"reason\":\"port_in_use\"");
            try (Socket later = new Socket(InetAddress.getLoopbackAddress(), taken)) {
                later.setSoTimeout(10_000);
                later.getOutputStream().write(1);
                assertThat(Streams.line(later.getInputStream())).isEqualTo("six");
            }
        }
    }

    /** Starts while somebody has a port, which is free afterwards. */
    private Appliance startBesides(int taken, String toml) throws IOException {
        try (ServerSocket somebody = new ServerSocket(taken)) {
            Appliance appliance = Appliance.start(directory, toml);
            assertThat(served("127.0.0.1")).isEqualTo("four");
            assertThat(appliance.get("/readyz").body()).contains("\"degraded\":true").contains("*:" + taken);
            assertThat(somebody.isBound()).isTrue();
            return appliance;
        }
    }

    @Test
    void reloadReportsWhatCouldNotBeBoundAndItIsBoundWhenItCanBe() throws IOException {
        int taken = Ports.free();
        try (Appliance appliance = Appliance.start(directory, Rules.plain("here", port, four.port()))) {
            try (ServerSocket somebody = new ServerSocket(taken)) {
                appliance.configure(Rules.plain("here", port, four.port()) + Rules.plain("later", taken, six.port()));
                assertThat(somebody.isBound()).isTrue();
                Await.until("the reload is answered", SOON, () -> appliance.post("/v1/reload").body().contains("\"port_in_use\""));
                Await.until("it is in the log of changes", SOON, () -> appliance.get("/v1/changes").body().contains("port_in_use"));
                assertThat(served("127.0.0.1")).isEqualTo("four");
                assertThat(appliance.get("/readyz").statusCode()).isEqualTo(503);
            }

            Await.until("it is bound by itself", SOON, () -> appliance.get("/readyz").statusCode() == 200);
        }
    }
}
