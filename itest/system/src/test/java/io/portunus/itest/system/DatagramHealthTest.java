// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.DatagramBackend;
import io.portunus.itest.testkit.DatagramClient;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes of UDP decide where new sessions go, on both transports of one node. */
@Timeout(300)
class DatagramHealthTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final List<String> TRANSPORTS = List.of("epoll", "xnio");

    private static final String PROBE = "probe = \"udp\", send = \"ping\", expect_hex = \"70696e67\", interval = \"1s\", timeout = \"500ms\","
        + " fall = 1, rise = 1";

    private final DatagramBackend asked = DatagramBackend.echo();
    private final int askedPort = asked.port();
    private final DatagramBackend one = DatagramBackend.naming("one ");
    private final DatagramBackend two = DatagramBackend.naming("two ");
    private final DatagramBackend silent = DatagramBackend.silent();
    private final Map<String, Integer> ports = new HashMap<>();

    @AfterEach
    void close() {
        List.of(asked, one, two, silent).forEach(DatagramBackend::close);
    }

    private String rule(String name, String transport, int target, String health) {
        int port = Ports.free();
        ports.put(name + "-" + transport, port);
        return """
            [[rule]]
            name = "%s-%s"
            protocol = "udp"
            transport = "%s"
            listen_port = %d
            targets = [{ host = "127.0.0.1", port = %d }, { host = "127.0.0.1", port = %d, priority = 1 }]
            health = { %s }
            """.formatted(name, transport, transport, port, target, two.port(), health);
    }

    private DatagramClient client(String rule) throws IOException {
        return DatagramClient.of(Objects.requireNonNull(ports.get(rule), rule));
    }

    private static void awaitStates(Appliance appliance, String rule, String state, int targets) {
        Await.until(targets + " targets of " + rule + " are " + state, SOON,
            () -> appliance.get("/v1/targets?rule=" + rule).body().split("\"state\":\"" + state + "\"", -1).length == targets + 1);
    }

    /** U5, U6: who does not answer gets no new sessions, and keeps those it has. */
    @Test
    void whoDoesNotAnswerKeepsItsSessionsAndGetsNoOther(@TempDir Path folder) throws IOException {
        StringBuilder rules = new StringBuilder("[global]\nshutdown_drain_secs = 0\n");
        for (String transport : TRANSPORTS) {
            rules.append(rule("silent", transport, silent.port(), PROBE))
                .append(rule("asked", transport, one.port(), PROBE + ", port = " + askedPort))
                .append(rule("quiet", transport, silent.port(), "silence = 100, silence_sessions = 2, silence_after = \"200ms\""));
        }
        try (Appliance appliance = Appliance.start(folder, rules.toString())) {
            for (String transport : TRANSPORTS) {
                awaitStates(appliance, "silent-" + transport, "failed", 1);
                assertThat(appliance.get("/v1/targets?rule=silent-" + transport).body()).contains("probe_timeout");
                try (DatagramClient client = client("silent-" + transport)) {
                    assertThat(client.ask("a", SOON)).isEqualTo("two a");
                }
                silenceIsFoundOut(appliance, "quiet-" + transport);
            }
            keepsItsSessions(appliance);
        }
    }

    private void silenceIsFoundOut(Appliance appliance, String rule) throws IOException {
        try (DatagramClient one = client(rule); DatagramClient other = client(rule); DatagramClient late = client(rule)) {
            one.send("nobody");
            other.send("answers");
            Await.until("silence is found out", SOON, () -> appliance.get("/v1/targets?rule=" + rule).body().contains("\"reason\":\"silent\""));
            assertThat(late.ask("w", SOON)).isEqualTo("two w");
        }
    }

    private void keepsItsSessions(Appliance appliance) throws IOException {
        Await.until("it was asked", SOON, () -> asked.received() > 3);
        try (DatagramClient early = client("asked-epoll"); DatagramClient earlyOther = client("asked-xnio")) {
            assertThat(early.ask("a", SOON)).isEqualTo("one a");
            assertThat(earlyOther.ask("a", SOON)).isEqualTo("one a");

            asked.close();
            for (String transport : TRANSPORTS) {
                awaitStates(appliance, "asked-" + transport, "failed", 2);
            }

            assertThat(appliance.get("/v1/targets?rule=asked-epoll").body()).contains("probe_refused");
            assertThat(early.ask("b", SOON)).isEqualTo("one b");
            assertThat(earlyOther.ask("b", SOON)).isEqualTo("one b");
        }
        try (DatagramBackend again = DatagramBackend.naming("", askedPort); DatagramClient late = client("asked-xnio")) {
            awaitStates(appliance, "asked-xnio", "healthy", 2);
            assertThat(again.received()).isPositive();
            assertThat(late.ask("c", SOON)).isEqualTo("one c");
        }
    }
}
