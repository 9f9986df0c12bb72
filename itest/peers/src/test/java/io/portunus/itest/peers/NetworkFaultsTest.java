// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    private final String namespace = "portunus-" + ProcessHandle.current().pid();
    private final String wire = "pt" + ProcessHandle.current().pid() % 100_000;
    private final int port = Ports.free();
    private final int at = Ports.free();
    private @Nullable Server far;
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
        ip("link", "set", wire, "up");
        ip("-n", namespace, "addr", "add", FAR + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        Path config = Server.write(home.resolve("nginx.conf"), """
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            daemon off;
            pid %s/nginx.pid;
            events { }
            stream { server { listen %s:%d; return "far\\n"; } }
            """.formatted(home, FAR, at));
        far = Server.launch(home.resolve("nginx.log"), List.of("ip", "netns", "exec", namespace, "nginx", "-p", home.toString(), "-e", "stderr", "-c",
            config.toString()));
        Backend backend = Backend.naming("near");
        near = backend;
        started = Appliance.start(home.resolve("node"), """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [{ host = "%s", port = %d }, { host = "127.0.0.1", port = %d, priority = 1 }]
            health = { failures = 2, ejection = "1s", successes = 1 }
            timeouts = { connect_attempt = "500ms", connect = "5s" }
            """.formatted(port, FAR, at, backend.port()));
        Await.until("the far target answers", SOON, () -> ask().equals("far"));
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
        ip("netns", "delete", namespace);
    }

    private String ask() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String name = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            return name == null ? "" : name;
        } catch (IOException refused) {
            return "";
        }
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

    private void nft(String commands) {
        run("ip", "netns", "exec", namespace, "nft", commands);
    }
}
