// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Targets by name, while their addresses change and their name server fails. */
@Timeout(120)
class TargetNamesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final int port = Ports.free();
    private NameServer names;
    private Backend one;
    private Backend two;
    private int at;
    private Appliance appliance;

    /** Two backends of one port, on two addresses of this machine. */
    @BeforeEach
    void start(@TempDir Path home) throws IOException {
        names = new NameServer();
        at = Ports.free();
        one = on("127.0.0.1", "one");
        two = on("127.0.0.2", "two");
        names.resolves("db.test", 5, "127.0.0.1");
        appliance = Appliance.start(home, """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [{ host = "db.test", port = %d }, { host = "127.0.0.2", port = %d, priority = 1 }]
            health = { failures = 1, ejection = "1s", successes = 1 }
            [dns]
            servers = ["%s"]
            timeout = "1s"
            min_ttl = "1s"
            stale = "3s"
            negative_ttl = "1s"
            """.formatted(port, at, at, names.address()));
    }

    private Backend on(String address, String name) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), at), 64);
        return Backend.naming(server, name);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        names.close();
        one.close();
        two.close();
    }

    private String ask() {
        return Clients.answeredBy("127.0.0.1", port);
    }

    private String targets() {
        return appliance.get("/v1/targets").body();
    }

    /** N1, N3, N4. */
    @Test
    void followsItsNameWhereverItGoesAndLeavesConnectionsWhereTheyAre() throws IOException {
        assertThat(ask()).isEqualTo("one");
        assertThat(targets()).contains("\"server\":\"" + names.address() + "\"").contains("127.0.0.1");
        int before = names.asked();
        for (int i = 0; i < 20; i++) {
            assertThat(ask()).isEqualTo("one");
        }
        assertThat(names.asked() - before).isLessThan(20);
        try (Socket old = new Socket("127.0.0.1", port)) {
            assertThat(old.getInputStream().readNBytes(4)).isEqualTo("one\n".getBytes(StandardCharsets.US_ASCII));
            names.resolves("db.test", 5, "127.0.0.2");

            Await.until("new connections follow", SOON, () -> ask().equals("two"));
            old.getOutputStream().write('x');
            assertThat(old.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void otherFamilyIsTriedWhenOneDoesNotWork() {
        names.resolves("db.test", 5, "::1", "127.0.0.1");

        Await.until("both are known", SOON, () -> ask().equals("one") && targets().contains("::1"));
        for (int i = 0; i < 5; i++) {
            assertThat(ask()).isEqualTo("one");
        }
    }

    @Test
    void goesOnWithWhatItKnowsAndThenWithItsNextTargetWhileTheServerFails() {
        assertThat(ask()).isEqualTo("one");

        names.fails("db.test", NameServer.SERVFAIL);
        Await.until("the failure is seen", SOON, () -> {
            assertThat(ask()).isIn("one", "two");
            return targets().contains("servfail");
        });
        Await.until("it is stale no longer", SOON, () -> ask().equals("two"));
        names.resolves("db.test", 5, "127.0.0.1");

        Await.until("the name is back", SOON, () -> ask().equals("one"));
        assertThat(appliance.get("/metrics").body()).contains("portunus_rule_dns_failures_total");
    }

    @Test
    void nameThatIsNoLongerAndServerThatIsSilentCostTheNextTargetNothing() {
        names.fails("db.test", NameServer.NXDOMAIN);
        Await.until("the next target serves", SOON, () -> ask().equals("two"));

        names.silent(true);
        Await.until("it is seen", SOON, () -> {
            assertThat(ask()).isEqualTo("two");
            return targets().contains("timeout");
        });
    }
}
