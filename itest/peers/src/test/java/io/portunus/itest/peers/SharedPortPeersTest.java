// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and OpenSSH on one port. */
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
}
