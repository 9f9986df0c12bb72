// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names by dnsmasq, which follows changes, forwards to a server that fails or is slow, and has more to say than a datagram holds. */
@Timeout(120)
class NamePeersTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final int listen = Ports.free();
    private final int at = Ports.free();
    private final List<AutoCloseable> open = new ArrayList<>();
    @TempDir
    private Path home;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T kept(T resource) {
        open.add(resource);
        return resource;
    }

    /** A backend that sends its name on an address of this machine; it is there on each address of 127.0.0.0/8. */
    private void backend(String address, String name) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), at), 64);
        kept(Backend.naming(server, name));
    }

    private Server dnsmasq(String name, int port, String... options) {
        List<String> command = new ArrayList<>(List.of("dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts", "--port=" + port,
            "--listen-address=127.0.0.1", "--bind-interfaces", "--user=root", "--log-queries"));
        command.addAll(Arrays.asList(options));
        return kept(Server.start(log(name), port, command));
    }

    private Path log(String name) {
        return home.resolve(name + ".log");
    }

    /** A rule for the first backend by its name, and for the second by its address when that fails. */
    private Appliance appliance(int nameServer) {
        return kept(Appliance.start(home.resolve("node"), """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [{ host = "db.test", port = %d }, { host = "127.0.0.2", port = %d, priority = 1 }]
            health = { failures = 1, ejection = "1s", successes = 1 }
            [dns]
            servers = ["127.0.0.1:%d"]
            timeout = "2s"
            min_ttl = "1s"
            stale = "3s"
            negative_ttl = "1s"
            """.formatted(listen, at, at, nameServer)));
    }

    private String ask() {
        return Clients.answeredBy("127.0.0.1", listen);
    }

    private static String targets(Appliance appliance) {
        return appliance.get("/v1/targets").body();
    }

    /** {@code db.test} by a dnsmasq that asks another one, by way of what is given back; its answers last two seconds. */
    private SlowNames forwarding(int front) {
        int back = Ports.free();
        Path hosts = Server.write(home.resolve("hosts"), "127.0.0.1 db.test\n");
        dnsmasq("back", back, "--local=/test/", "--local-ttl=2", "--addn-hosts=" + hosts);
        SlowNames between = kept(new SlowNames(back));
        dnsmasq("front", front, "--cache-size=0", "--server=127.0.0.1#" + between.port());
        return between;
    }

    /** N1. */
    @Test
    void followsChangesAndTimesToLive() throws IOException {
        int names = Ports.free();
        backend("127.0.0.1", "one");
        backend("127.0.0.2", "two");
        backend("127.0.0.3", "three");
        Path hosts = Server.write(home.resolve("hosts"), "127.0.0.1 db.test\n");
        Server dnsmasq = dnsmasq("names", names, "--local-ttl=2", "--local=/test/", "--addn-hosts=" + hosts);
        Appliance appliance = appliance(names);

        Await.until("the name leads there", SOON, () -> ask().equals("one"));
        Server.write(hosts, "127.0.0.3 db.test\n");
        dnsmasq.signal("HUP");

        Await.until("the name leads elsewhere", SOON, () -> ask().equals("three"));
        Server.write(hosts, "\n");
        dnsmasq.signal("HUP");
        Await.until("the name is gone", SOON, () -> targets(appliance).contains("nxdomain"));
        Await.until("the next target serves", SOON, () -> ask().equals("two"));
    }

    /** N3. */
    @Test
    void failuresOfTheServerAreBridgedAndThenCostTheNextTargetNothing() throws IOException {
        int names = Ports.free();
        backend("127.0.0.1", "one");
        backend("127.0.0.2", "two");
        SlowNames between = forwarding(names);
        Appliance appliance = appliance(names);
        Await.until("the name leads there", SOON, () -> ask().equals("one"));

        between.failing(true);

        Await.until("it is seen", SOON, () -> {
            assertThat(ask()).isIn("one", "two");
            return targets(appliance).contains("servfail");
        });
        Await.until("it is stale no longer", SOON, () -> ask().equals("two"));
        between.failing(false);
        Await.until("the name is back", SOON, () -> ask().equals("one"));
        assertThat(appliance.accessLog()).doesNotContain("\"dns_failed\"");
    }

    @Test
    void slowAnswersAreGoodAndThoseThatAreTooLateAreNone() throws IOException {
        int names = Ports.free();
        backend("127.0.0.1", "one");
        backend("127.0.0.2", "two");
        SlowNames between = forwarding(names);
        between.late(Duration.ofMillis(600));
        Appliance appliance = appliance(names);

        assertThat(ask()).isEqualTo("one");
        int before = between.asked();
        Await.until("it is asked some times more", SOON, () -> {
            assertThat(ask()).isEqualTo("one");
            return between.asked() > before + 4;
        });
        between.late(Duration.ofSeconds(8));

        Await.until("it is seen", SOON, () -> {
            assertThat(ask()).isIn("one", "two");
            return targets(appliance).contains("timeout");
        });
        Await.until("it is stale no longer", SOON, () -> ask().equals("two"));
        between.late(Duration.ZERO);
        Await.until("the name is back", SOON, () -> ask().equals("one"));
        assertThat(appliance.accessLog()).doesNotContain("\"dns_failed\"");
    }

    @Test
    void answerThatNoDatagramHoldsIsFetchedByTcp() throws IOException {
        int names = Ports.free();
        backend("0.0.0.0", "everywhere");
        String hosts = IntStream.rangeClosed(1, 120).mapToObj(i -> "127.0.1." + i + " db.test\n").collect(Collectors.joining());
        dnsmasq("names", names, "--local-ttl=2", "--local=/test/", "--addn-hosts=" + Server.write(home.resolve("hosts"), hosts));
        Appliance appliance = appliance(names);

        assertThat(ask()).isEqualTo("everywhere");

        // One whole answer has each address once; the datagram that was cut has 75 of them and is no answer.
        Await.until("dnsmasq said all of it twice", SOON, () -> answers("names") >= 2 * 120);
        assertThat(targets(appliance)).contains("127.0.1.").doesNotContain("\"state\":\"failed\"");
        Await.until("its record is written", SOON, () -> appliance.accessLog().contains("\"endpoint\":\"127.0.1."));
    }

    @Test
    void followsServicesAndTheirPriorities() throws IOException {
        int names = Ports.free();
        Backend one = kept(Backend.naming("one"));
        Backend two = kept(Backend.naming("two"));
        dnsmasq("names", names, "--local-ttl=2", "--local=/test/", "--host-record=one.test,127.0.0.1", "--host-record=two.test,127.0.0.1",
            "--srv-host=_db._tcp.test,one.test," + one.port() + ",0,5", "--srv-host=_db._tcp.test,two.test," + two.port() + ",10,5",
            "--srv-host=_none._tcp.test");
        Appliance appliance = kept(Appliance.start(home.resolve("node"), """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [{ srv = "_none._tcp.test" }, { srv = "_db._tcp.test" }]
            health = { failures = 1 }
            [dns]
            servers = ["127.0.0.1:%d"]
            min_ttl = "1s"
            """.formatted(listen, names)));

        Await.until("the service leads there", SOON, () -> ask().equals("one"));
        assertThat(targets(appliance)).contains("\"problem\":\"no_service\"", "one.test:" + one.port(), "two.test:" + two.port());
        one.close();

        Await.until("the next host has it", SOON, () -> ask().equals("two"));
    }

    private long answers(String name) {
        try (var lines = Files.lines(log(name))) {
            return lines.filter(l -> l.contains("db.test is 127.0.1.")).count();
        } catch (IOException notYet) {
            return 0;
        }
    }
}
