// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several targets of a rule: which one a client gets, while they fail and come back. */
@Timeout(120)
class FailoverTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String HOST = "127.0.0.1";

    private final int port = Ports.free();
    private final List<Backend> backends = new ArrayList<>();
    @TempDir
    private Path home;
    private @Nullable Appliance started;

    @AfterEach
    void stop() throws IOException {
        appliance().close();
        for (Backend backend : backends) {
            backend.close();
        }
    }

    private Appliance appliance() {
        return Objects.requireNonNull(started);
    }

    private Backend backend(String name) {
        Backend backend = Backend.naming(name);
        backends.add(backend);
        return backend;
    }

    /** A backend on a port that was another's. */
    private Backend again(String name, int at) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 1024);
        Backend backend = Backend.naming(server, name);
        backends.add(backend);
        return backend;
    }

    private String rule(String keys, List<String> targets) {
        return """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [%s]
            %s
            """.formatted(port, String.join(", ", targets), keys);
    }

    private static String target(Backend backend, String keys) {
        return target(backend.port(), keys);
    }

    private static String target(int at, String keys) {
        return "{ host = \"" + HOST + "\", port = " + at + keys + " }";
    }

    /** Who answers a new connection; empty if nobody does. */
    private String ask() {
        return Clients.answeredBy(HOST, port);
    }

    private String targets() {
        return appliance().get("/v1/targets").body();
    }

    private Map<String, Long> shares(int asked) {
        return IntStream.range(0, asked).mapToObj(i -> ask()).collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** L1. */
    @Test
    void whatThisMachineHasRunOutOfIsNotTheTargetsFault() {
        // An address of the documentation (RFC 5737), which no machine has: connect(2) returns what it returns when no port is left.
        started = Appliance.start(home, rule("sockets = { source = \"192.0.2.77\" }\nhealth = { failures = 1 }", List.of(target(backend("a"), ""))));

        assertThat(ask()).isEmpty();
        assertThat(ask()).isEmpty();

        Await.until("both are counted by their reason", SOON, () -> appliance().get("/metrics").body().lines()
            .anyMatch(line -> line.startsWith("portunus_connections_closed_total") && line.contains("connect_impossible") && line.endsWith(" 2.0")));
        assertThat(targets()).doesNotContain("\"state\":\"failed\"");
    }

    /** H1. */
    @Test
    void bestPriorityServesFailsOverAndIsBackByItself() throws IOException {
        Backend first = backend("first");
        Backend second = backend("second");
        started = Appliance.start(home, rule("health = { failures = 2, ejection = \"1s\", successes = 1 }",
            List.of(target(second, ", priority = 1"), target(first, ", priority = 0"))));

        assertThat(shares(5)).containsOnlyKeys("first");
        first.close();
        assertThat(shares(5)).containsOnlyKeys("second");
        assertThat(targets()).contains("\"state\":\"failed\"").contains("\"reason\":\"refused\"");
        again("first", first.port());

        Await.until("the first target is back", SOON, () -> ask().equals("first"));
        assertThat(appliance().get("/metrics").body()).containsPattern("portunus_rule_target_failovers_total\\{[^}]*} [2-9]");
        assertThat(appliance().errors()).doesNotContain("internal_error");
    }

    @Test
    void sharesByWeightInTurn() {
        started = Appliance.start(home, rule("pick = \"round_robin\"",
            List.of(target(backend("three"), ", weight = 3"), target(backend("one"), ""))));

        assertThat(shares(40)).containsEntry("three", 30L).containsEntry("one", 10L);
    }

    @Test
    void givesTheSameClientTheSameTargetUntilThatFails() throws IOException {
        List<Backend> all = List.of(backend("a"), backend("b"), backend("c"));
        started = Appliance.start(home, rule("pick = \"source_hash\"", all.stream().map(b -> target(b, "")).toList()));

        String chosen = ask();
        assertThat(shares(10)).containsOnlyKeys(chosen);
        all.get("abc".indexOf(chosen)).close();

        String other = ask();
        assertThat(other).isNotEqualTo(chosen).isNotEmpty();
        assertThat(shares(10)).containsOnlyKeys(other);
    }

    @Test
    void picksWhoHasFewestConnectionsAndKeepsToCeilings() throws IOException {
        started = Appliance.start(home, rule("pick = \"least_connections\"",
            List.of(target(backend("small"), ", max_connections = 1"), target(backend("large"), ""))));
        List<Socket> held = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            Socket socket = new Socket(HOST, port);
            held.add(socket);
            assertThat(socket.getInputStream().read()).isPositive();
        }

        assertThat(backends.getFirst().open()).isEqualTo(1);
        assertThat(backends.getLast().open()).isEqualTo(4);
        for (Socket socket : held) {
            socket.close();
        }
    }

    @Test
    void probeByHttpTakesATargetOutBeforeAnyClientMeetsIt() {
        AtomicBoolean healthy = new AtomicBoolean(true);
        Backend sick = Backend.start(socket -> {
            String request = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            boolean probe = request != null && request.startsWith("GET /health ");
            socket.getOutputStream().write((probe ? "HTTP/1.1 " + (healthy.get() ? 200 : 503) + " x\r\nContent-Length: 0\r\n\r\n" : "sick\n")
                .getBytes(StandardCharsets.US_ASCII));
        });
        backends.add(sick);
        started = Appliance.start(home, rule(
            "health = { probe = \"http\", path = \"/health\", host = \"db.test\", interval = \"1s\", fall = 2, rise = 1 }",
            List.of(target(sick, ""), target(Ports.free(), ", priority = 9"))));

        healthy.set(false);
        Await.until("the probe took it out", SOON, () -> targets().contains("\"reason\":\"probe_status\""));
        assertThat(targets()).contains("\"state\":\"failed\"");
        healthy.set(true);
        Await.until("the probe took it back", SOON, () -> !targets().contains("\"reason\":\"probe_status\",\"since\""));
    }

    /** H2. */
    @Test
    void allDownIsTriedAllTheSameOrRefusedAtOnce() throws IOException {
        int nobody = Ports.free();
        started = Appliance.start(home, rule("all_down = \"closed\"\nhealth = { failures = 1, ejection = \"1h\", max_ejection = \"1h\" }",
            List.of(target(nobody, ""), target(Ports.free(), ""))));

        assertThat(ask()).isEmpty();
        assertThat(ask()).isEmpty();
        Await.until("both have failed", SOON, () -> targets().split("\"state\":\"failed\"", -1).length == 3);
        assertThat(ask()).isEmpty();
        Await.until("the record says why", SOON, () -> appliance().accessLog().contains("\"close_reason\":\"no_target\""));
        again("late", nobody);
        assertThat(ask()).isEmpty();

        appliance().configure(rule("all_down = \"open\"\nhealth = { failures = 1, ejection = \"1h\", max_ejection = \"1h\" }",
            List.of(target(nobody, ""), target(Ports.free(), ""))));

        Await.until("it is tried all the same", SOON, () -> ask().equals("late"));
    }

    /** H3. */
    @Test
    void connectionsOfATargetThatFailsAreClosedWhereTheRuleSetsIt() throws IOException {
        Backend first = backend("first");
        started = Appliance.start(home, rule("close_on_down = true\nhealth = { failures = 1, probe = \"tcp\", interval = \"1s\", fall = 1 }",
            List.of(target(first, ""), target(backend("second"), ", priority = 1"))));
        try (Socket open = new Socket(HOST, port)) {
            assertThat(open.getInputStream().readNBytes(6)).isEqualTo("first\n".getBytes(StandardCharsets.US_ASCII));
            // Its connections live on, and nobody new is let in.
            first.stopListening();

            open.setSoTimeout(20_000);
            assertThat(endOf(open)).isTrue();
        }
        Await.until("the record says why", SOON, () -> appliance().accessLog().contains("\"close_reason\":\"target_down\""));
        assertThat(ask()).isEqualTo("second");
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (IOException reset) {
            return true;
        }
    }

    /** H4. */
    @Test
    void nodeIsNotReadyWhileEveryTargetIsKnownToBeDead() throws IOException {
        Backend only = backend("only");
        started = Appliance.start(home, rule("health = { probe = \"tcp\", interval = \"1s\", fall = 1, rise = 1 }", List.of(target(only, ""))));

        only.close();
        Await.until("the node says so", SOON, () -> appliance().get("/readyz").statusCode() == 503);
        assertThat(appliance().get("/readyz").body()).contains("\"no_target_alive\"");
        again("only", only.port());

        Await.until("the node is ready again", SOON, () -> appliance().get("/readyz").statusCode() == 200);
    }

    @Test
    void operatorDrainsATargetAndTakesItBack() throws IOException {
        Backend first = backend("first");
        started = Appliance.start(home, rule("", List.of(target(first, ""), target(backend("second"), ", priority = 1"))));
        String body = "{\"rule\": \"db\", \"target\": \"" + HOST + ":" + first.port() + "\"}";
        try (Socket old = new Socket(HOST, port)) {
            assertThat(old.getInputStream().readNBytes(6)).isEqualTo("first\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(appliance().post("/v1/targets/drain", body).statusCode()).isEqualTo(204);

            assertThat(shares(5)).containsOnlyKeys("second");
            old.getOutputStream().write('x');
            assertThat(old.getInputStream().read()).isEqualTo('x');
        }
        assertThat(targets()).contains("\"state\":\"drained\"");
        assertThat(appliance().post("/v1/targets/undrain", body).statusCode()).isEqualTo(204);
        assertThat(ask()).isEqualTo("first");
        assertThat(appliance().post("/v1/targets/drain", "{\"rule\": \"db\", \"target\": \"10.0.0.1:1\"}").statusCode()).isEqualTo(404);
    }

    @Test
    void noConnectionIsLostThatCouldHaveGoneElsewhereWhileTargetsFailAndRecover() throws Exception {
        Backend steady = backend("steady");
        Backend shaky = backend("shaky");
        int at = shaky.port();
        started = Appliance.start(home, rule("pick = \"round_robin\"\nhealth = { failures = 3, ejection = \"1s\" }",
            List.of(target(steady, ""), target(shaky, ""))));
        AtomicBoolean over = new AtomicBoolean();
        ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                clients.execute(() -> {
                    while (!over.get()) {
                        answers.add(ask());
                    }
                });
            }
            Backend now = shaky;
            for (int round = 0; round < 3; round++) {
                long before = answers.stream().filter("shaky"::equals).count();
                Await.until("the shaky one serves", SOON, () -> answers.stream().filter("shaky"::equals).count() > before);
                // Whom it has accepted it answers; nobody new is let in.
                now.stopListening();
                Await.until("it is found out", SOON, () -> targets().contains("\"state\":\"failed\""));
                now = again("shaky", at);
            }
            over.set(true);
        }

        // Whom a target's system had taken into its queue when its process left, nobody can save: the target itself resets them.
        assertThat(answers).hasSizeGreaterThan(100);
        long unanswered = answers.stream().filter(String::isEmpty).count();
        Await.until("every record is written", SOON, () -> appliance().accessLog().lines().count() >= answers.size());
        assertThat(appliance().accessLog()).doesNotContain("\"connect_failed\"").doesNotContain("\"connect_timeout\"")
            .doesNotContain("\"no_target\"");
        assertThat(appliance().accessLog().lines().filter(l -> l.contains("\"upstream_reset\"")).count()).isGreaterThanOrEqualTo(unanswered);
    }
}
