// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A target behind a network that fails: nginx in a network namespace of the test, on the other end of a pair of interfaces. Needs root. */
@Timeout(120)
class NetworkFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String FAR = "10.213.77.2";
    private static final String FAR6 = "fd00:213:77::2";
    private static final String SWALLOW = "add table inet faults; add chain inet faults in { type filter hook input priority 0; }; "
        + "add rule inet faults in ";

    private final String namespace = "portunus-" + ProcessHandle.current().pid();
    private final String wire = "pt" + ProcessHandle.current().pid() % 100_000;
    private final int port = Ports.free();
    private final int at = Ports.free();
    private final int many = Ports.free();
    private final int both = Ports.free();
    private final int names = Ports.free();
    private final int spare = Ports.freeRange(4);
    private @Nullable Server far;
    private @Nullable Server nameServer;
    private @Nullable Backend near;
    private @Nullable Appliance started;

    private static void ip(String... words) {
        run("ip", words);
    }

    private static void run(String program, String... words) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(words));
        assertThat(Server.run(command)).as("these tests make network namespaces, which needs root: " + command).isEmpty();
    }

    @BeforeEach
    void start(@TempDir Path home) {
        ip("netns", "add", namespace);
        ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        ip("addr", "add", "10.213.77.1/24", "dev", wire);
        ip("-6", "addr", "add", "fd00:213:77::1/64", "dev", wire, "nodad");
        ip("link", "set", wire, "up");
        ip("-n", namespace, "addr", "add", FAR + "/24", "dev", "eth0");
        ip("-n", namespace, "-6", "addr", "add", FAR6 + "/64", "dev", "eth0", "nodad");
        ip("-n", namespace, "link", "set", "eth0", "up");
        Path config = Server.write(home.resolve("nginx.conf"), """
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            daemon off;
            pid %s/nginx.pid;
            events { }
            stream { server { listen %s:%d; listen [%s]:%d; return "far\\n"; } }
            """.formatted(home, FAR, at, FAR6, at));
        far = Server.launch(home.resolve("nginx.log"), List.of("ip", "netns", "exec", namespace, "nginx", "-p", home.toString(), "-e", "stderr", "-c",
            config.toString()));
        nameServer = Server.start(home.resolve("dnsmasq.log"), names, List.of("dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts",
            "--port=" + names, "--listen-address=127.0.0.1", "--bind-interfaces", "--user=root", "--local=/test/",
            "--host-record=far.test," + FAR + "," + FAR6));
        Backend backend = Backend.naming("near");
        near = backend;
        started = Appliance.start(home.resolve("node"), """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [{ host = "%s", port = %d }, { host = "127.0.0.1", port = %d, priority = 1 }]
            health = { failures = 2, ejection = "1s", successes = 1 }
            timeouts = { connect_attempt = "500ms", connect = "5s" }
            [[rule]]
            name = "many"
            listen_port = %d
            targets = [%s]
            timeouts = { connect_attempt = "500ms", connect = "1200ms" }
            [[rule]]
            name = "both"
            listen_port = %d
            target = "far.test:%d"
            prefer_ipv6 = true
            timeouts = { connect_attempt = "60s", connect = "60s" }
            [dns]
            servers = ["127.0.0.1:%d"]
            """.formatted(port, FAR, at, backend.port(), many, spareTargets(), both, at, names));
        Await.until("the far target answers", SOON, () -> ask().equals("far"));
    }

    private String spareTargets() {
        return IntStream.range(0, 4).mapToObj(i -> "{ host = \"" + FAR + "\", port = " + (spare + i) + " }").collect(Collectors.joining(", "));
    }

    @AfterEach
    void stop() throws IOException {
        if (started != null) {
            started.close();
        }
        if (near != null) {
            near.close();
        }
        if (far != null) {
            far.close();
        }
        if (nameServer != null) {
            nameServer.close();
        }
        ip("netns", "delete", namespace);
    }

    private String ask() {
        return ask(port);
    }

    private static String ask(int port) {
        return Clients.answeredBy("127.0.0.1", port);
    }

    private String targets() {
        return Objects.requireNonNull(started).get("/v1/targets").body();
    }

    @Test
    void partitionCostsNoConnectionAndItsEndIsFoundOut() {
        // The far end: without ours the system would try another way, whatever that leads to.
        ip("-n", namespace, "link", "set", "eth0", "down");

        for (int i = 0; i < 10; i++) {
            assertThat(ask()).isEqualTo("near");
        }
        assertThat(targets()).contains("\"state\":\"failed\"");
        ip("-n", namespace, "link", "set", "eth0", "up");

        Await.until("the far target is back", SOON, () -> ask().equals("far"));
    }

    @Test
    void networkThatSwallowsEverythingCostsAnAttemptAndNoConnection() {
        nft("add table ip faults; add chain ip faults in { type filter hook input priority 0; policy drop; }");

        for (int i = 0; i < 10; i++) {
            assertThat(ask()).isEqualTo("near");
        }
        assertThat(targets()).contains("\"state\":\"failed\"").contains("\"reason\":\"timeout\"");
        nft("delete table ip faults");
        Await.until("the far target is back", SOON, () -> ask().equals("far"));
    }

    @Test
    void lossIsSurvived() {
        nft("add table ip faults; add chain ip faults in { type filter hook input priority 0; }; "
            + "add rule ip faults in numgen random mod 100 < 20 drop");

        for (int i = 0; i < 40; i++) {
            assertThat(ask()).isIn("far", "near");
        }
    }

    @Test
    void timeOfAllAttemptsTogetherIsKept() {
        nft(SWALLOW + "meta l4proto tcp drop");

        assertThat(ask(many)).isEmpty();

        String record = record("many");
        assertThat(record).contains("\"close_reason\":\"connect_timeout\"");
        assertThat(millis(record)).isGreaterThanOrEqualTo(1_150);
        // Two attempts take 1,000 of the 1,200 ms and a third the rest, so nobody came to the fourth target.
        assertThat(failures(0)).isPositive();
        assertThat(failures(3)).isZero();
    }

    @Test
    void familyThatIsSlowerThanTheOtherIsNotWaitedFor() {
        assertThat(ask(both)).isEqualTo("far");
        assertThat(record("both")).contains("\"endpoint\":\"[").contains("]:" + at);

        nft(SWALLOW + "meta nfproto ipv6 meta l4proto tcp drop");

        // The client's patience is ten seconds, an attempt may take sixty: only one beside it answers in time (RFC 8305 §5).
        Await.until("IPv4 is taken", SOON, () -> {
            assertThat(ask(both)).isEqualTo("far");
            return record("both").contains("\"endpoint\":\"" + FAR + ":");
        });
    }

    /** The last record of the rule. */
    private String record(String rule) {
        String marked = "\"rule\":\"" + rule + "\"";
        Await.until("there is a record of " + rule, SOON, () -> accessLog().contains(marked));
        return accessLog().lines().filter(l -> l.contains(marked)).reduce("", (before, last) -> last);
    }

    private String accessLog() {
        return Objects.requireNonNull(started).accessLog();
    }

    private static double millis(String record) {
        return Double.parseDouble(record.replaceAll(".*\"total_ms\":([0-9.]+).*", "$1"));
    }

    /** How often the n-th spare target has failed. */
    private double failures(int target) {
        String label = Pattern.quote("target=\"" + FAR + ":" + (spare + target) + "\"");
        Pattern line = Pattern.compile("portunus_target_failures_total\\{[^}]*" + label + "} ([0-9.]+)");
        Matcher found = line.matcher(Objects.requireNonNull(started).get("/metrics").body());
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private void nft(String commands) {
        run("ip", "netns", "exec", namespace, "nft", commands);
    }
}
