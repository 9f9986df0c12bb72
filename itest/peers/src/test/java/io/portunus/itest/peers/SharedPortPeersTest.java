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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and OpenSSH on one port, and names by dnsmasq. */
@Timeout(120)
class SharedPortPeersTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final int shared = Ports.free();
    private final int peer = Ports.free();
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

    private String rule(String kind, int target) {
        return """
            [[rule]]
            name = "%s"
            listen_port = %d
            target = "127.0.0.1:%d"
            match = { kind = "%s" }
            """.formatted(kind, shared, target, kind);
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> unprivileged(String... words) {
        boolean root = System.getProperty("user.name").equals("root");
        List<String> command = new ArrayList<>(root ? List.of("runuser", "-u", "nobody", "--") : List.of());
        command.addAll(List.of(words));
        return command;
    }

    private static String postgres(String program) throws IOException {
        try (var versions = Files.newDirectoryStream(Path.of("/usr/lib/postgresql"))) {
            for (Path version : versions) {
                return version.resolve("bin").resolve(program).toString();
            }
        }
        throw new AssertionError("this test needs PostgreSQL; the README of itest/peers says how to install it");
    }

    @Test
    void psqlAndSshShareAPort() throws IOException {
        Path data = Files.createTempDirectory("peers-pg");
        Server.run(List.of("chmod", "777", data.toString()));
        Server.run(unprivileged(postgres("initdb"), "-D", data + "/db", "-A", "trust", "-U", "tester"));
        kept(Server.start(home.resolve("postgres.log"), peer, unprivileged(postgres("postgres"), "-D", data + "/db", "-p",
            Integer.toString(peer), "-h", "127.0.0.1", "-k", data.toString())));
        int sshd = sshd();
        Appliance appliance = kept(Appliance.start(home.resolve("node"), rule("postgres", peer) + rule("ssh", sshd)));

        for (String mode : List.of("disable", "prefer")) {
            String to = "host=127.0.0.1 port=" + shared + " user=tester dbname=postgres sslmode=" + mode;
            assertThat(Server.run(List.of(postgres("psql"), "-tA", to, "-c", "select 6*7"))).isEqualTo("42\n");
        }
        assertThat(Server.run(List.of("ssh", "-p", Integer.toString(shared), "-i", home.resolve("user").toString(), "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "127.0.0.1", "echo through"))).isEqualTo("through\n");
        Await.until("both are in the record", SOON, () -> appliance.accessLog().contains("\"kind\":\"postgres\"")
            && appliance.accessLog().contains("\"kind\":\"ssh\""));
    }

    private int sshd() {
        int port = Ports.free();
        for (String key : List.of("host", "user")) {
            Server.run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home.resolve(key).toString()));
        }
        Server.run(List.of("mkdir", "-p", "/run/sshd"));
        Path config = Server.write(home.resolve("sshd_config"), """
            ListenAddress 127.0.0.1:%d
            HostKey %s/host
            AuthorizedKeysFile %s/user.pub
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin prohibit-password
            """.formatted(port, home, home));
        kept(Server.start(home.resolve("sshd.log"), port, List.of("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())));
        return port;
    }

    @Test
    void followsDnsmasqAndItsTtl() throws IOException {
        Backend one = kept(Backend.naming("one"));
        Path hosts = Server.write(home.resolve("hosts"), "127.0.0.1 db.test\n");
        Server dnsmasq = kept(Server.launch(home.resolve("dnsmasq.log"), List.of("dnsmasq", "--no-daemon", "--no-resolv",
            "--no-hosts", "--port=" + peer, "--listen-address=127.0.0.1", "--bind-interfaces",
            "--local-ttl=2", "--local=/test/", "--addn-hosts=" + hosts, "--user=root")));
        Appliance appliance = kept(Appliance.start(home.resolve("node"), """
            [[rule]]
            name = "db"
            listen_port = %d
            target = "db.test:%d"
            [dns]
            servers = ["127.0.0.1:%d"]
            min_ttl = "1s"
            """.formatted(shared, one.port(), peer)));

        Await.until("the name leads there", SOON, () -> ask().equals("one"));
        Server.write(hosts, "127.0.0.9 db.test\n");
        dnsmasq.signal("HUP");

        Await.until("the name leads elsewhere", SOON, () -> appliance.get("/v1/targets").body().contains("127.0.0.9"));
        Server.write(hosts, "\n");
        dnsmasq.signal("HUP");
        Await.until("the name is gone", SOON, () -> appliance.get("/v1/targets").body().contains("nxdomain"));
    }

    @Test
    void followsTheServicesOfDnsmasq() throws IOException {
        Backend one = kept(Backend.naming("one"));
        Backend two = kept(Backend.naming("two"));
        kept(Server.launch(home.resolve("dnsmasq.log"), List.of("dnsmasq", "--no-daemon", "--no-resolv",
            "--no-hosts", "--port=" + peer, "--listen-address=127.0.0.1", "--bind-interfaces", "--local-ttl=2", "--local=/test/",
            "--host-record=one.test,127.0.0.1", "--host-record=two.test,127.0.0.1", "--user=root",
            "--srv-host=_db._tcp.test,one.test," + one.port() + ",0,5", "--srv-host=_db._tcp.test,two.test," + two.port() + ",10,5",
            "--srv-host=_none._tcp.test")));
        Appliance appliance = kept(Appliance.start(home.resolve("node"), """
            [[rule]]
            name = "db"
            listen_port = %d
            targets = [{ srv = "_none._tcp.test" }, { srv = "_db._tcp.test" }]
            health = { failures = 1 }
            [dns]
            servers = ["127.0.0.1:%d"]
            min_ttl = "1s"
            """.formatted(shared, peer)));

        Await.until("the service leads there", SOON, () -> ask().equals("one"));
        assertThat(appliance.get("/v1/targets").body()).contains("\"problem\":\"no_service\"", "one.test:" + one.port(), "two.test:" + two.port());
        one.close();

        Await.until("the next host has it", SOON, () -> ask().equals("two"));
    }

    private String ask() {
        try (Socket socket = new Socket("127.0.0.1", shared)) {
            socket.setSoTimeout(5_000);
            String name = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            return name == null ? "" : name;
        } catch (IOException refused) {
            return "";
        }
    }
}
