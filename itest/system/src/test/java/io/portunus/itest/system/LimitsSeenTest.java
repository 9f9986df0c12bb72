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
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen of the limits of rules, over HTTP, in the shell, in the metrics and in the records, in exact numbers. */
@Timeout(180)
class LimitsSeenTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int REFUSED = 3;
    private static final String LIMITS = "rate_limit = { bandwidth_in_bps = \"8KiB/s\", bandwidth_in_burst = 81, concurrent_connections = 1 }\n";

    private final int port = Ports.free();
    private final int ssh = Ports.free();
    private String shell = "";
    @TempDir
    private Path folder;

    private String toml(String transport, int target, String more) {
        if (shell.isEmpty()) {
            shell = Surfaces.shell(folder, ssh);
        }
        return "[global]\nshutdown_drain_secs = 0\ntransport = \"" + transport + "\"\n" + shell + Rules.plain("limited", port, target) + more;
    }

    private static String limits(Appliance appliance) {
        return appliance.get("/v1/limits?rule=limited").body();
    }

    /** The number behind a name; the text has it once. */
    private static double number(String text, String name) {
        Matcher found = Pattern.compile(name + "[^0-9]{1,3}([0-9.]+)").matcher(text);
        assertThat(found.find()).as("%s in %s", name, text).isTrue();
        return Double.parseDouble(found.group(1));
    }

    private static double metric(Appliance appliance, String name, String label) {
        Matcher found = Pattern.compile(name + "\\{[^}]*" + label + "[^}]*} (\\S+)").matcher(appliance.get("/metrics").body());
        assertThat(found.find()).as("%s with %s", name, label).isTrue();
        return Double.parseDouble(found.group(1));
    }

    private boolean refused() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void reload(Appliance appliance, String toml) {
        appliance.configure(toml);
        assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]");
    }

    private static void sends(Socket socket, int bytes) throws IOException {
        socket.getOutputStream().write(new byte[bytes]);
        assertThat(socket.getInputStream().readNBytes(bytes)).hasSize(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void connectionsThatAreRefusedAndHeldBackAreSeenEverywhere(String transport) throws Exception {
        try (Backend echo = Backend.naming("backend"); Appliance appliance = Appliance.start(folder, toml(transport, echo.port(), LIMITS))) {
            assertThat(limits(appliance)).contains("\"use\":{\"bandwidth_in_left\":81,\"open\":0}", "\"conn_concurrent\":0");
            assertThat(metric(appliance, "portunus_rate_limit_reject_total", "reason=\"conn_concurrent\"")).isZero();
            long begun = System.nanoTime();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(30_000);
                assertThat(Streams.line(socket.getInputStream())).isEqualTo("backend");
                for (int i = 0; i < REFUSED; i++) {
                    assertThat(refused()).isTrue();
                }
                sends(socket, 16 * 1024);
                double seconds = (System.nanoTime() - begun) / 1e9;
                everySurfaceShows(appliance, seconds);
                assertThat(number(appliance.get("/v1/flows").body(), "held_back_in_secs")).isBetween(1.0, seconds);
            }
            Await.until("the record is written", SOON, () -> appliance.accessLog().contains("\"held_back_in_ms\":"));
            String record = appliance.accessLog().lines().filter(line -> line.contains("held_back_in_ms")).findFirst().orElseThrow();
            assertThat(number(record, "held_back_in_ms")).isBetween(1000.0, number(record, "total_ms"));
            assertThat(number(record, "held_back_out_ms")).isZero();
            assertThat(appliance.accessLog().lines().filter(line -> line.contains("conn_concurrent")))
                .hasSize(REFUSED).noneMatch(line -> line.contains("held_back"));

            reload(appliance, toml(transport, echo.port(), ""));
            assertThat(limits(appliance)).isEqualTo("{\"limits\":[]}");
            assertThat(appliance.get("/metrics").body()).doesNotContain("portunus_rate_limit_reject_total{");
            reload(appliance, toml(transport, echo.port(), LIMITS));
            assertThat(number(limits(appliance), "\"conn_concurrent\"")).as("kept while the rule is there").isEqualTo(REFUSED);
        }
    }

    private void everySurfaceShows(Appliance appliance, double seconds) {
        String limits = limits(appliance);
        assertThat(limits).contains("\"policy\":\"limits\",\"scope\":\"rule\",\"name\":\"limited\"",
            "\"set\":{\"bandwidth_in_bps\":8192,\"bandwidth_in_burst\":81,\"concurrent_connections\":1}",
            "\"open\":1", "\"client\":\"127.0.0.1\",\"reason\":\"conn_concurrent\"", "\"dropped_in\":0");
        assertThat(number(limits, "\"conn_concurrent\"")).isEqualTo(REFUSED);
        assertThat(number(limits, "held_back_in_secs")).isBetween(1.0, seconds);
        assertThat(number(limits, "held_back_out_secs")).isZero();

        assertThat(metric(appliance, "portunus_rate_limit_reject_total", "reason=\"conn_concurrent\"")).isEqualTo(REFUSED);
        assertThat(metric(appliance, "portunus_rate_limit_active_connections", "owner=\"\"")).isEqualTo(1);
        assertThat(metric(appliance, "portunus_rate_limit_throttle_seconds_total", "direction=\"in\"")).isBetween(1.0, seconds + 1);
        assertThat(metric(appliance, "portunus_rate_limit_throttle_seconds_total", "direction=\"out\"")).isZero();

        Surfaces surfaces = new Surfaces(folder, ssh, appliance);
        Await.until("the shell answers", SOON, () -> surfaces.ssh("portunus:status").contains("ready"));
        assertThat(surfaces.ssh("portunus:limits -r limited")).contains("open 1", "conn_concurrent 3",
            "127.0.0.1 by conn_concurrent", "bandwidth_in_bps 8192");
        assertThat(appliance.get("/v1/limits?rule=nobody").statusCode()).isEqualTo(404);
        assertThat(appliance.get("/v1/limits?name=limited").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void datagramsThatAreDroppedAndSessionsThatAreRefusedAreSeen(String transport) throws Exception {
        String limits = "protocol = \"udp\"\nrate_limit = { bandwidth_in_bps = 10, bandwidth_in_burst = 600, concurrent_connections = 1 }\n";
        try (DatagramBackend echo = DatagramBackend.echo(); Appliance appliance = Appliance.start(folder, toml(transport, echo.port(), limits));
                DatagramClient client = DatagramClient.of(port); DatagramClient other = DatagramClient.of(port)) {
            client.send(new byte[600]);
            assertThat(client.receive(SOON)).isPresent();
            for (int i = 1; i <= REFUSED; i++) {
                int all = i;
                // One after the other: what is received together may begin one session.
                client.send(new byte[600]);
                other.send(new byte[1]);
                Await.until(all + " have come of each", SOON, () -> number(limits(appliance), "dropped_in") == all
                    && number(limits(appliance), "\"conn_concurrent\"") == all);
            }

            assertThat(limits(appliance)).contains("\"open\":1", "\"held_back_in_secs\":0.0", "\"dropped_out\":0");
            assertThat(appliance.get("/v1/flows").body()).doesNotContain("held_back");
            assertThat(metric(appliance, "portunus_rate_limit_reject_total", "reason=\"conn_concurrent\"")).isEqualTo(REFUSED);
            Await.until("the shell shows it", SOON, () -> new Surfaces(folder, ssh, appliance).ssh("portunus:limits").contains("in 3, out 0"));
        }
    }
}
