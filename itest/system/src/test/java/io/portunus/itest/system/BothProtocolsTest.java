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
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One rule for connections and datagrams of the same ports. */
@Timeout(240)
class BothProtocolsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final int port = Ports.free();
    @TempDir
    private Path folder;

    private static String node(String transport) {
        return "[global]\nshutdown_drain_secs = 0\ntransport = \"" + transport + "\"\n";
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    /** HTTPS and HTTP/3 of a name are one rule, to one target; what has another name goes to the rules of either protocol. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void aNameIsTakenByTlsAndByQuic(String transport) throws Exception {
        try (QuicBackend quic = new QuicBackend(folder, "quic", "h3");
                Backend tls = Backend.naming(new ServerSocket(quic.port(), 50, InetAddress.getLoopbackAddress()), "tls");
                QuicBackend otherQuic = new QuicBackend(folder, "other quic", "h3"); Backend otherTls = Backend.naming("other tls");
                QuicClient client = new QuicClient();
                Appliance appliance = Appliance.start(folder, node(transport)
                    + Rules.named("web", port, "one.example.test", quic.port()) + "protocol = \"tcp+udp\"\n"
                    + Rules.plain("connections", port, otherTls.port()) + Rules.plain("datagrams", port, otherQuic.port())
                    + "protocol = \"udp\"\n")) {
            assertThat(client.ask(port, "one.example.test", "h3")).isEqualTo("quic");
            assertThat(client.ask(port, "two.example.test", "h3")).isEqualTo("other quic");
            assertThat(greeting("one.example.test")).isEqualTo("tls");
            assertThat(greeting("two.example.test")).isEqualTo("other tls");
            assertThat(tls.accepted()).isOne();

            assertThat(appliance.get("/v1/rules").body()).containsOnlyOnce("\"name\":\"web\"").contains("\"protocol\":\"tcp+udp\"");
            assertThat(appliance.get("/v1/explain?sni=one.example.test&port=" + port).body()).contains("\"rule\":\"web\"");
            assertThat(appliance.get("/v1/explain?protocol=udp&sni=one.example.test&port=" + port).body()).contains("\"rule\":\"web\"");
            assertThat(appliance.get("/v1/listeners").body()).contains("*:" + port + "\"", "*:" + port + "/udp\"");
            appliance.configure(node(transport) + Rules.named("web", port, "one.example.test", quic.port()) + "protocol = \"tcp\"\n"
                + Rules.plain("connections", port, otherTls.port()) + Rules.plain("datagrams", port, otherQuic.port()) + "protocol = \"udp\"\n");
            assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]");
            assertThat(client.ask(port, "one.example.test", "h3")).isEqualTo("other quic");
            assertThat(greeting("one.example.test")).isEqualTo("tls");
        }
    }

    private String greeting(String name) throws IOException {
        try (Socket socket = connected()) {
            socket.getOutputStream().write(ClientHellos.named(name));
            return Streams.line(socket.getInputStream());
        }
    }

    /** Limits are of the rule, whichever protocol a flow has; each is counted as what it is. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void limitsAreOfBothTogether(String transport) throws IOException {
        try (DatagramBackend datagrams = DatagramBackend.echo();
                Backend connections = Backend.naming(new ServerSocket(datagrams.port(), 50, InetAddress.getLoopbackAddress()), "connection");
                Appliance appliance = Appliance.start(folder, node(transport) + Rules.plain("both", port, datagrams.port())
                    + "protocol = \"tcp+udp\"\nconcurrent_connections = 2\n");
                DatagramClient client = DatagramClient.of(port); DatagramClient other = DatagramClient.of(port); Socket open = connected()) {
            assertThat(client.ask("a datagram", SOON)).isEqualTo("a datagram");
            assertThat(Streams.line(open.getInputStream())).isEqualTo("connection");
            Await.until("both are counted", SOON, () -> gauge(appliance, "portunus_rule_active_connections").endsWith(" 1.0")
                && gauge(appliance, "portunus_rule_active_flows").endsWith(" 1.0"));

            other.send("one too many");
            Await.until("the session is refused", SOON, () -> appliance.accessLog().contains("\"close_reason\":\"conn_concurrent\""));
            assertThat(refused()).isTrue();
            assertThat(client.ask("another", SOON)).isEqualTo("another");
            assertThat(connections.accepted()).isOne();
        }
    }

    private boolean refused() {
        try (Socket socket = connected()) {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static String gauge(Appliance appliance, String name) {
        return appliance.get("/metrics").body().lines().filter(line -> line.startsWith(name + "{")).findFirst().orElse("");
    }
}
