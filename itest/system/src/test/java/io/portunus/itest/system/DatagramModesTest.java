// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.DatagramBackend;
import io.portunus.itest.testkit.DatagramClient;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table {@code udp} of a rule, on both transports of one node: modes, presets, caps, and what forged clients are answered. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatagramModesTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final List<String> TRANSPORTS = List.of("epoll", "xnio");
    private static final String LONG_NAME = "n".repeat(100);
    /** By name; two targets in turn. */
    private static final Map<String, String> RULES = Map.of(
        "dns", "preset = \"dns\"",
        "syslog", "preset = \"syslog\"",
        "source", "max_per_source = 1",
        "evict", "evict = \"oldest_idle\"",
        "forged", "amplification = 3",
        "headed", "mode = \"session\" }\nproxy_protocol = \"v2\"\nlabels = { headed = \"yes\"",
        "fronted", "max_per_source = 1 }\naccept_proxy = [\"127.0.0.1\"]\nlabels = { fronted = \"yes\"");

    private final DatagramBackend one = DatagramBackend.naming("one ");
    private final DatagramBackend two = DatagramBackend.naming("two ");
    private final DatagramBackend echo = DatagramBackend.echo();
    private final DatagramBackend talkative = DatagramBackend.naming(LONG_NAME);
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final List<DatagramClient> clients = new ArrayList<>();
    private Appliance appliance;

    @BeforeAll
    void start(@TempDir Path folder) {
        StringBuilder rules = new StringBuilder();
        for (String transport : TRANSPORTS) {
            RULES.forEach((name, table) -> {
                int port = Ports.free();
                ports.put(name + transport, port);
                rules.append(rule(name + "-" + transport, port, targets(name))).append("transport = \"").append(transport)
                    .append("\"\nudp = { ").append(table).append(" }\n");
            });
        }
        appliance = Appliance.start(folder, "[global]\nshutdown_drain_secs = 0\n" + rules);
    }

    private List<DatagramBackend> targets(String rule) {
        return switch (rule) {
            case "forged" -> List.of(talkative);
            case "headed", "fronted" -> List.of(echo);
            default -> List.of(one, two);
        };
    }

    private static String rule(String name, int port, List<DatagramBackend> targets) {
        return """
            [[rule]]
            name = "%s"
            protocol = "udp"
            listen_port = %d
            pick = "round_robin"
            udp_max_flows = 2
            targets = [%s]
            """.formatted(name, port,
            targets.stream().map(its -> "{ host = \"127.0.0.1\", port = " + its.port() + " }").collect(Collectors.joining(", ")));
    }

    @AfterAll
    void stop() {
        clients.forEach(DatagramClient::close);
        appliance.close();
        List.of(one, two, echo, talkative).forEach(DatagramBackend::close);
    }

    private DatagramClient client(String rule) throws IOException {
        DatagramClient client = DatagramClient.of(Objects.requireNonNull(ports.get(rule), rule));
        clients.add(client);
        return client;
    }

    /** Datagrams of all rules that were not forwarded for a reason. */
    private long dropped(String reason) {
        return Pattern.compile("portunus_rule_udp_datagrams_dropped_total\\{[^}]*reason=\"" + reason + "\"[^}]*} ([0-9]+)")
            .matcher(appliance.get("/metrics").body()).results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
    }

    /** U4: what is asked next goes to another target, and the session that is answered is over. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void eachQuestionOfOneClientGoesToATargetOfItsOwn(String transport) throws IOException {
        DatagramClient client = client("dns" + transport);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(client.ask("q" + i, SOON));
        }

        assertThat(answers).containsOnlyOnceElementsOf(List.of("one q0", "two q1", "one q2", "two q3"));
        Await.until("they are over", SOON, () -> appliance.get("/v1/flows?rule=dns-" + transport).body().contains("\"total\":0"));
        assertThat(appliance.get("/metrics").body()).containsPattern("reason=\"answered\"");
    }

    /** U4: a log of one sender is spread over all who take it. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void theDatagramsOfOneSenderGoToAllTargetsInTurn(String transport) throws IOException {
        int before = one.received();
        int beforeTwo = two.received();
        DatagramClient sender = client("syslog" + transport);
        for (int i = 0; i < 20; i++) {
            sender.send("line " + i);
        }

        Await.until("half of them each", SOON, () -> one.received() == before + 10 && two.received() == beforeTwo + 10);
        assertThat(appliance.get("/v1/flows?rule=syslog-" + transport).body()).contains("\"total\":1");
    }

    /** U3: those of others go on. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void oneSourceHasNoMoreSessionsThanItsOwn(String transport) throws IOException {
        assertThat(client("source" + transport).ask("a", SOON)).endsWith("a");
        long before = dropped("source_overflow");
        client("source" + transport).send("b");

        Await.until("it is counted", SOON, () -> dropped("source_overflow") == before + 1);
    }

    /** U3: a newcomer is served. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void whoWasSilentLongestGivesWay(String transport) throws IOException {
        for (int i = 0; i < 30; i++) {
            // Sessions are spread over sockets: with so many, each socket has had its two.
            client("evict" + transport).send("c" + i);
        }

        Await.until("some gave way", SOON, () -> appliance.get("/metrics").body().contains("reason=\"evicted\""));
        assertThat(appliance.get("/v1/flows?rule=evict-" + transport).body()).contains("\"total\":2");
    }

    /** P6: a header of version 2 for datagrams stands before each one; one that would be too long with it is dropped, never cut. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void aHeaderStandsBeforeEachDatagram(String transport) throws IOException {
        DatagramClient client = client("headed" + transport);
        long before = dropped("too_long");
        client.send(new byte[65_507]);
        Await.until("it was dropped", SOON, () -> dropped("too_long") == before + 1);

        for (String text : List.of("first", "", "third")) {
            client.send(text);
            byte[] bytes = client.receive(SOON).orElseThrow();
            assertThat(HexFormat.of().formatHex(bytes, 0, 16)).isEqualTo("0d0a0d0a000d0a515549540a2112000c");
            assertThat(HexFormat.of().formatHex(bytes, 16, 24)).isEqualTo("7f0000017f000001");
            assertThat(new String(bytes, 28, bytes.length - 28, StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    /** P6: the header that stands before each datagram is taken away, and the client is the one it declares; without it nothing goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void theClientOfADatagramIsTheOneThatItsHeaderDeclares(String transport) throws IOException {
        DatagramClient balancer = client("fronted" + transport);
        for (String text : List.of("first", "", "third", "x".repeat(60_000))) {
            balancer.send(headed("7", text));
            assertThat(new String(balancer.receive(SOON).orElseThrow(), StandardCharsets.UTF_8)).isEqualTo(text);
        }
        Await.until("its flow is shown", SOON, () -> appliance.get("/v1/flows?rule=fronted-" + transport).body().contains("192.0.2.7:4000"));

        long before = refused("proxy_header_missing");
        long malformed = refused("proxy_header_malformed");
        balancer.send("plain");
        balancer.send(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000c" + "c0000207" + "7f000001" + "0fa0" + "0035"));
        Await.until("they are counted", SOON,
            () -> refused("proxy_header_missing") == before + 1 && refused("proxy_header_malformed") == malformed + 1);
        long overflow = dropped("source_overflow");
        client("fronted" + transport).send(headed("7", "another socket of the client's"));
        Await.until("limits are of the client", SOON, () -> dropped("source_overflow") == overflow + 1);
        balancer.send(headed("8", "other"));
        assertThat(balancer.receive(SOON).map(bytes -> new String(bytes, StandardCharsets.UTF_8))).contains("other");
    }

    /** A datagram behind the header that declares a client of 192.0.2.0/24. */
    private static byte[] headed(String host, String text) {
        byte[] header = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2112000c" + "c00002" + "0" + host + "7f000001" + "0fa0" + "0035");
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, all, header.length, payload.length);
        return all;
    }

    private long refused(String reason) {
        return Pattern.compile("portunus_udp_datagrams_refused_total\\{[^}]*reason=\"" + reason + "\"[^}]*} ([0-9]+)")
            .matcher(appliance.get("/metrics").body()).results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
    }

    /** A client is not known to be who it is called before it has sent again. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "xnio"})
    void whoHasSentOnceIsNotAnsweredWithMoreThanItsShare(String transport) throws IOException {
        DatagramClient client = client("forged" + transport);
        long before = dropped("amplification");
        client.send("a");
        Await.until("its answer was dropped", SOON, () -> dropped("amplification") == before + 1);

        assertThat(client.ask("b", SOON)).isEqualTo(LONG_NAME + "b");
    }
}
