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
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of UDP through the product, on both transports. */
@Timeout(300)
class DatagramsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private static String node(String transport) {
        return "[global]\nshutdown_drain_secs = 0\ntransport = \"" + transport + "\"\n";
    }

    private static String rule(String name, int port, int target) {
        return Rules.plain(name, port, target) + "protocol = \"udp\"\ndrain_secs = 60\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void manyClientsGetTheirOwnAnswersAndConnectionsTheSamePort(String transport) throws IOException {
        int port = Ports.free();
        List<DatagramClient> clients = new ArrayList<>();
        try (DatagramBackend echo = DatagramBackend.echo(); Backend web = Backend.naming("tcp");
                Appliance appliance = Appliance.start(folder, node(transport) + rule("dns", port, echo.port())
                    + Rules.plain("web", port, web.port()))) {
            for (int i = 0; i < 200; i++) {
                clients.add(DatagramClient.of(port));
                assertThat(clients.get(i).ask("client " + i, SOON)).isEqualTo("client " + i);
            }
            for (int i = 0; i < 200; i++) {
                assertThat(clients.get(i).ask("again " + i, SOON)).isEqualTo("again " + i);
            }

            assertThat(echo.peers()).isEqualTo(200);
            assertThat(appliance.get("/v1/flows").body()).contains("\"*:" + port + "/udp\"");
            assertThat(appliance.get("/metrics").body()).contains("portunus_rule_active_flows{").containsPattern(
                "portunus_rule_udp_datagrams_in_total\\{[^}]*} 40[0-9]\\.0");
            assertThat(appliance.get("/v1/explain?protocol=udp&port=" + port).body()).contains("\"rule\":\"dns\"");
            assertThat(appliance.get("/v1/explain?plain=true&port=" + port).body()).contains("\"rule\":\"web\"");
            assertThat(web.accepted()).isZero();
        } finally {
            clients.forEach(DatagramClient::close);
        }
    }

    /** U2, U9: what is one datagram stays one, whatever its size. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void datagramsOfEverySizeArriveWhole(String transport) throws IOException {
        int port = Ports.free();
        Random random = new Random(7);
        try (DatagramBackend echo = DatagramBackend.echo();
                Appliance appliance = Appliance.start(folder, node(transport) + rule("any", port, echo.port()));
                DatagramClient client = DatagramClient.of(port)) {
            for (int size : new int[] {1, 0, 512, 1_472, 1_473, 9_000, 32_768, 65_507, 0, 2}) {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                client.send(bytes);
                assertThat(client.receive(SOON).filter(answer -> Arrays.equals(answer, bytes))).as(size + " bytes, as they were sent").isPresent();
            }
            assertThat(appliance.process().isAlive()).isTrue();
        }
    }

    /** U8: an answer comes from the address that was asked, on a listener of every address. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void answersComeFromTheAddressThatWasAsked(String transport) throws IOException {
        int port = Ports.free();
        try (DatagramBackend echo = DatagramBackend.echo();
                Appliance appliance = Appliance.start(folder, node(transport) + rule("any", port, echo.port()))) {
            // The JDK's channels know the addresses only that interfaces list.
            for (String address : transport.equals("xnio") ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1", "127.0.0.2", "127.8.9.10", "::1")) {
                try (DatagramClient client = DatagramClient.to(new InetSocketAddress(InetAddress.ofLiteral(address), port))) {
                    assertThat(client.ask("to " + address, SOON)).isEqualTo("to " + address);
                }
            }
            assertThat(appliance.process().isAlive()).isTrue();
        }
    }

    /** U3: sessions are bounded, and those that are there go on. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void whatIsBeyondTheSessionsOfARuleIsDroppedAndCountedAndTheOthersGoOn(String transport) throws IOException {
        int port = Ports.free();
        try (DatagramBackend echo = DatagramBackend.echo();
                Appliance appliance = Appliance.start(folder, node(transport) + rule("few", port, echo.port()) + "udp_max_flows = 2\n");
                DatagramClient first = DatagramClient.of(port); DatagramClient second = DatagramClient.of(port);
                DatagramClient third = DatagramClient.of(port)) {
            assertThat(first.ask("a", SOON)).isEqualTo("a");
            assertThat(second.ask("b", SOON)).isEqualTo("b");
            third.send("c");
            Await.until("it is counted", SOON,
                () -> appliance.get("/metrics").body().matches("(?s).*portunus_rule_flows_dropped_overflow_total\\{[^}]*} 1\\.0.*"));

            assertThat(first.ask("a again", SOON)).isEqualTo("a again");
            assertThat(echo.peers()).isEqualTo(2);
        }
    }

    /** U5: who is gone is found by ICMP. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void aTargetThatIsGoneIsFoundByIcmpAndTheNextGetsItsDatagram(String transport) throws IOException {
        int port = Ports.free();
        int gone = Ports.free();
        try (DatagramBackend other = DatagramBackend.naming("other ");
                Appliance appliance = Appliance.start(folder, node(transport) + """
                    [[rule]]
                    name = "two"
                    protocol = "udp"
                    listen_port = %d
                    targets = [{ host = "127.0.0.1", port = %d }, { host = "127.0.0.1", port = %d }]
                    health = { failures = 1 }
                    """.formatted(port, gone, other.port()));
                DatagramClient client = DatagramClient.of(port)) {
            client.send("x");
            assertThat(client.receive(SOON)).hasValueSatisfying(answer -> assertThat(answer).asString().isEqualTo("other x"));

            assertThat(other.received()).isOne();
            assertThat(appliance.get("/v1/targets").body()).contains("failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void aSilentSessionEndsAndLeavesARecord(String transport) throws IOException {
        int port = Ports.free();
        try (DatagramBackend echo = DatagramBackend.echo();
                Appliance appliance = Appliance.start(folder, node(transport) + "[defaults]\nudp_flow_idle_secs = 5\n"
                    + rule("short", port, echo.port()));
                DatagramClient client = DatagramClient.of(port)) {
            assertThat(client.ask("once", SOON)).isEqualTo("once");
            Await.until("it is over", SOON, () -> appliance.accessLog().contains("idle_timeout"));

            assertThat(appliance.accessLog()).contains("\"listener\":\"*:" + port + "/udp\"").contains("\"rule\":\"short\"")
                .contains("\"bytes_in\":4").contains("\"bytes_out\":4").contains("\"datagrams_out\":1");
            assertThat(client.ask("anew", SOON)).isEqualTo("anew");
            assertThat(echo.peers()).isEqualTo(2);
        }
    }

    /** U7: sessions outlive the rule that began them, and a rule that comes back goes on with its sockets. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void sessionsOutliveReloadsThatTakeTheirRuleAwayAndBringItBack(String transport) throws IOException {
        int port = Ports.free();
        int elsewhere = Ports.free();
        try (DatagramBackend echo = DatagramBackend.echo();
                Appliance appliance = Appliance.start(folder, node(transport) + rule("here", port, echo.port()));
                DatagramClient client = DatagramClient.of(port); DatagramClient late = DatagramClient.of(port)) {
            assertThat(client.ask("one", SOON)).isEqualTo("one");
            appliance.configure(node(transport) + rule("there", elsewhere, echo.port()));
            assertThat(appliance.post("/v1/reload").statusCode()).isEqualTo(200);

            assertThat(client.ask("two", SOON)).isEqualTo("two");
            late.send("too late");
            assertThat(late.receive(Duration.ofSeconds(1))).isEmpty();
            appliance.configure(node(transport) + rule("here", port, echo.port()));
            assertThat(appliance.post("/v1/reload").statusCode()).isEqualTo(200);

            assertThat(late.ask("now", SOON)).isEqualTo("now");
            assertThat(client.ask("three", SOON)).isEqualTo("three");
            assertThat(echo.peers()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void anOperatorSeesSessionsAndEndsThem(String transport) throws IOException {
        int port = Ports.freeRange(3);
        try (DatagramBackend echo = DatagramBackend.echo();
                Appliance appliance = Appliance.start(folder, node(transport) + """
                    [[rule]]
                    name = "range"
                    protocol = "udp"
                    listen_ports = "%d,%d"
                    target = "127.0.0.1:%d"
                    """.formatted(port, port + 2, echo.port()));
                DatagramClient first = DatagramClient.of(port); DatagramClient second = DatagramClient.of(port + 2)) {
            assertThat(first.ask("a", SOON)).isEqualTo("a");
            assertThat(second.ask("b", SOON)).isEqualTo("b");
            Set<String> ids = new HashSet<>();
            Matcher id = Pattern.compile("\"flow_id\":(\\d+)").matcher(appliance.get("/v1/flows").body());
            while (id.find()) {
                ids.add(id.group(1));
            }
            assertThat(ids).hasSize(2);
            ids.forEach(each -> assertThat(appliance.post("/v1/flows/" + each + "/kill").statusCode()).isLessThan(300));

            Await.until("they are over", SOON, () -> appliance.accessLog().split("\"killed\"", -1).length == 3);
            assertThat(first.ask("c", SOON)).isEqualTo("c");
        }
    }
}
