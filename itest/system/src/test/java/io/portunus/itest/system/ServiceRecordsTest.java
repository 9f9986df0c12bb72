// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Targets that are services, by their SRV records (RFC 2782), while these change and the hosts that they name fail. */
@Timeout(120)
class ServiceRecordsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SERVICE = "_db._tcp.test";

    private final int port = Ports.free();
    @TempDir
    private Path home;
    private NameServer names;
    private Backend one;
    private Backend two;
    private Backend last;
    private Appliance appliance;

    @BeforeEach
    void start() throws IOException {
        names = new NameServer();
        one = Backend.naming("one");
        two = Backend.naming("two");
        last = Backend.naming("last");
        names.resolves("one.test", 5, "127.0.0.1");
        names.resolves("two.test", 5, "127.0.0.1");
        serves("0 0 %d one.test", "10 0 %d two.test");
        appliance = Appliance.start(home, """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [{ srv = "%s" }, { host = "127.0.0.1", port = %d, priority = 1 }]
            health = { failures = 1, ejection = "1s", successes = 1 }
            [dns]
            servers = ["%s"]
            timeout = "2s"
            min_ttl = "1s"
            negative_ttl = "1s"
            """.formatted(port, SERVICE, last.port(), names.address()));
    }

    /** Records with the ports of the two backends in their order. */
    private void serves(String first, String second) {
        names.serves(SERVICE, 2, first.formatted(one.port()), second.formatted(two.port()));
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        names.close();
        one.close();
        two.close();
        last.close();
    }

    private String ask() {
        return Clients.answeredBy("127.0.0.1", port);
    }

    private String targets() {
        return appliance.get("/v1/targets").body();
    }

    @Test
    void goesToTheHostOfTheBestPriorityAndShowsEach() {
        for (int i = 0; i < 10; i++) {
            assertThat(ask()).isEqualTo("one");
        }

        assertThat(targets()).contains("\"target\":\"" + SERVICE + "\"", "\"target\":\"one.test:" + one.port() + "\"",
            "\"target\":\"two.test:" + two.port() + "\"", "\"server\":\"" + names.address() + "\"");
        assertThat(appliance.get("/v1/rules").body()).contains("\"srv\":\"" + SERVICE + "\"");
        assertThat(appliance.get("/metrics").body()).contains("target=\"" + SERVICE + "\"").contains("host=\"two.test:" + two.port() + "\"");
    }

    @Test
    void sharesByWeight() {
        serves("0 10 %d one.test", "0 30 %d two.test");
        Await.until("the weights are known", SOON, () -> targets().contains("\"weight\":30") && ask().equals("two"));

        int twos = 0;
        for (int i = 0; i < 400; i++) {
            String name = ask();
            assertThat(name).isIn("one", "two");
            twos += name.equals("two") ? 1 : 0;
        }

        // 300 of 400 are expected, with a standard deviation of 8.7: nine of these to either side.
        assertThat(twos).isBetween(222, 378);
    }

    @Test
    void goesOnToTheNextHostThenToTheNextTargetAndBack() throws IOException {
        int first = one.port();
        one.close();
        // A socket may take a last connection while it is closed.
        Await.until("the next one has it", SOON, () -> ask().equals("two"));
        for (int i = 0; i < 10; i++) {
            assertThat(ask()).isEqualTo("two");
        }
        two.close();
        // A socket may take a last connection while it is closed.
        Await.until("the next one has it", SOON, () -> ask().equals("last"));
        for (int i = 0; i < 10; i++) {
            assertThat(ask()).isEqualTo("last");
        }
        Await.until("it is seen", SOON, () -> ask().equals("last") && targets().contains("\"reason\":\"refused\""));
        Backend again = Backend.naming("again");
        names.serves(SERVICE, 2, "0 0 " + again.port() + " one.test", "0 0 " + first + " one.test");

        Await.until("another port is followed", SOON, () -> ask().equals("again"));
        again.close();
    }

    @Test
    void followsItsRecordsAndLeavesConnectionsWhereTheyAre() throws IOException {
        try (Socket old = new Socket("127.0.0.1", port)) {
            old.setSoTimeout(10_000);
            assertThat(old.getInputStream().readNBytes(4)).isEqualTo("one\n".getBytes(StandardCharsets.US_ASCII));
            names.serves(SERVICE, 2, "0 0 " + two.port() + " two.test");

            Await.until("new connections follow", SOON, () -> ask().equals("two"));
            assertThat(targets()).doesNotContain("one.test");
            old.getOutputStream().write('x');
            assertThat(old.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void refusesForAServiceThatIsDecidedlyNotThereAndReportsIt() {
        names.serves(SERVICE, 2, "0 0 0 .");
        Await.until("the next target serves", SOON, () -> ask().equals("last"));
        assertThat(targets()).contains("\"problem\":\"no_service\"");
        appliance.configure("""
            [[rule]]
            name = "db"
            listen_port = %d
            target = "%s"
            [dns]
            servers = ["%s"]
            timeout = "2s"
            min_ttl = "1s"
            negative_ttl = "1s"
            """.formatted(port, SERVICE, names.address()));
        Await.until("there is no other target", SOON, () -> ask().isEmpty());

        assertThat(targets()).contains("\"problem\":\"no_service\"");
        Await.until("its record says why", SOON, () -> appliance.accessLog().contains("dns_failed"));
        serves("0 0 %d one.test", "10 0 %d two.test");
        Await.until("the service is back", SOON, () -> ask().equals("one"));
    }

    @Test
    void takesRecordsThatDoNotFitIntoADatagramOverTcp() {
        names.tooLong(true);

        names.serves(SERVICE, 2, "0 0 " + two.port() + " two.test");

        Await.until("they are followed", SOON, () -> ask().equals("two"));
        assertThat(names.askedByTcp()).isPositive();
    }

    @Test
    void checkReportsWhatIsWrongWithAServiceAndWhere() throws IOException {
        Path file = home.resolve("wrong.toml");
        Files.writeString(file, """
            [[rule]]
            name = "a"
            listen_port = 1
            targets = [{ srv = "_db._udp.test" }, { srv = "_db._tcp.test", host = "a" }, { srv = "_db._tcp.test", port = 1 }]
            [[rule]]
            name = "b"
            listen_port = "2-3"
            target = "_db._tcp.test"
            """.replace("listen_port = \"2-3\"", "listen_ports = \"2-3\""));

        Appliance.Finished check = Appliance.run(home, List.of("--check", "--config", file.toString()));

        assertThat(check.exitCode()).isNotZero();
        assertThat(check.out() + check.err()).contains("rule[0].targets[0]", "invalid_service_name", "rule[0].targets[1].srv", "conflicting_keys",
            "rule[0].targets[2].port", "rule[1].target", "range_invalid", "write _tcp in it");
    }
}
