// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.DatagramInspection;
import io.portunus.itest.contracts.Initials;
import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.DatagramBackend;
import io.portunus.itest.testkit.DatagramClient;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** QUIC through the product by the name that a client asks for, with servers and clients of quiche, on both transports. */
@Timeout(300)
class QuicNamesTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** CRYPTO_ERROR and the alert unrecognized_name (RFC 9001 §4.8, RFC 6066 §3). */
    private static final int UNRECOGNIZED_NAME = 0x100 + 112;

    private static final int RECORD_HEADER = 5;

    @TempDir
    private Path folder = Path.of("");

    private static String node(String transport) {
        return "[global]\nshutdown_drain_secs = 0\ntransport = \"" + transport + "\"\n[defaults]\nprotocol = \"udp\"\n";
    }

    /** Q1: names, wildcards, application protocols and the rest; what is no QUIC goes to the rest, too. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void goesByNameByApplicationProtocolAndElseToTheRest(String transport) throws Exception {
        int port = Ports.free();
        try (QuicBackend one = new QuicBackend(folder, "one", "h3", "doq"); QuicBackend wild = QuicBackend.retrying(folder, "wild", "h3");
                QuicBackend doq = new QuicBackend(folder, "doq", "doq"); DatagramBackend rest = DatagramBackend.echo();
                QuicClient client = new QuicClient();
                Appliance appliance = Appliance.start(folder, node(transport) + Rules.named("one", port, "one.example.test", one.port())
                    + Rules.named("doq", port, "one.example.test", doq.port()) + "match = { alpn = [\"doq\"] }\n"
                    + Rules.named("wild", port, "*.example.test", wild.port()) + "udp_flow_idle_secs = 5\n" + Rules.plain("rest", port, rest.port()));
                DatagramClient other = DatagramClient.of(port)) {
            assertThat(client.ask(port, "one.example.test", "h3")).isEqualTo("one");
            assertThat(client.ask(port, "two.example.test", "h3")).isEqualTo("wild");
            assertThat(client.ask(port, "one.example.test", "doq")).isEqualTo("doq");
            assertThat(client.ask(port, "ONE.example.test", "h3")).isEqualTo("one");
            assertThat(other.ask("no QUIC at all", SOON)).isEqualTo("no QUIC at all");

            assertThat(appliance.get("/v1/explain?protocol=udp&sni=one.example.test&alpn=doq&port=" + port).body()).contains("\"rule\":\"doq\"");
            assertThat(appliance.get("/v1/explain?protocol=udp&port=" + port).body()).contains("\"rule\":\"rest\"");
            Await.until("the record has the name", SOON, () -> appliance.accessLog().contains("\"sni\":\"two.example.test\""));
        }
    }

    /** A name that nobody has is refused in words of QUIC, and at once; what is no QUIC is counted. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void nameThatNobodyHasIsRefusedInQuic(String transport) throws Exception {
        int port = Ports.free();
        try (QuicBackend one = new QuicBackend(folder, "one", "h3"); QuicClient client = new QuicClient();
                Appliance appliance = Appliance.start(folder, node(transport) + Rules.named("one", port, "one.example.test", one.port()));
                DatagramClient other = DatagramClient.of(port)) {
            assertThat(client.refusal(port, "other.test", "h3")).isEqualTo(UNRECOGNIZED_NAME);
            other.send("no QUIC at all");

            Await.until("both are counted", SOON, () -> {
                String page = appliance.get("/metrics").body();
                return page.contains("reason=\"not_recognised\"") && page.contains("reason=\"no_matching_name\"");
            });
            assertThat(client.ask(port, "one.example.test", "h3")).isEqualTo("one");
            assertThat(one.streams()).isOne();
        }
    }

    /** HTTPS and HTTP/3 of a name on one port, side by side; and a rule that comes, moves and goes under an open connection. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void namesComeAndGoUnderAnOpenConnection(String transport) throws Exception {
        int port = Ports.free();
        try (QuicBackend one = new QuicBackend(folder, "one", "h3"); QuicBackend two = new QuicBackend(folder, "two", "h3");
                Backend web = Backend.naming("tcp"); QuicClient client = new QuicClient();
                Appliance appliance = Appliance.start(folder, node(transport) + Rules.named("one", port, "one.example.test", one.port())
                    + Rules.plain("web", port, web.port()) + "protocol = \"tcp\"\n")) {
            try (QuicClient.Connection open = client.connect(port, "one.example.test", "h3")) {
                assertThat(open.ask()).isEqualTo("one");
                appliance.configure(node(transport) + Rules.named("one", port, "one.example.test", two.port())
                    + Rules.named("two", port, "two.example.test", two.port()) + Rules.plain("web", port, web.port()) + "protocol = \"tcp\"\n");
                assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]");

                assertThat(client.ask(port, "one.example.test", "h3")).isEqualTo("two");
                assertThat(client.ask(port, "two.example.test", "h3")).isEqualTo("two");
                assertThat(open.ask()).isEqualTo("one");
            }
        }
    }

    /** Q2, Q3: a hello in small pieces, the last one first, of either version; nothing of it is lost, and a name that nobody has is refused. */
    @ParameterizedTest
    @CsvSource({"epoll, V1", "xnio, V1", "epoll, V2", "xnio, V2"})
    void helloOverSeveralDatagramsInAnyOrder(String transport, Initials.Version version) throws Exception {
        int port = Ports.free();
        try (DatagramBackend echo = DatagramBackend.echo();
                Appliance appliance = Appliance.start(folder, node(transport) + Rules.named("one", port, "one.example.test", echo.port()));
                DatagramClient client = DatagramClient.of(port); DatagramClient other = DatagramClient.of(port)) {
            List<byte[]> hello = Initials.of(version, 1).hello(message("one.example.test"), 90);
            assertThat(hello).hasSizeBetween(3, DatagramInspection.MAX_DATAGRAMS);
            for (byte[] datagram : hello.reversed()) {
                client.send(datagram);
            }
            for (byte[] datagram : hello.reversed()) {
                assertThat(client.receive(SOON)).hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(datagram));
            }

            Initials refused = Initials.of(version, 2);
            for (byte[] datagram : refused.hello(message("other.test"), 90).reversed()) {
                other.send(datagram);
            }
            assertThat(refused.refusal(other.receive(SOON).orElseThrow())).hasValue(UNRECOGNIZED_NAME);
            assertThat(appliance.get("/v1/flows").body()).contains("\"total\":1");
        }
    }

    private static byte[] message(String name) throws IOException {
        byte[] record = ClientHellos.named(name);
        return Arrays.copyOfRange(record, RECORD_HEADER, record.length);
    }
}
