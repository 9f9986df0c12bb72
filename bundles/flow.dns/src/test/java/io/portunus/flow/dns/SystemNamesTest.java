// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the system. */
class SystemNamesTest {
    private final FakeTime time = new FakeTime();
    @TempDir
    private Path folder;
    private SystemNames system = new SystemNames(Path.of("none"), Path.of("none"), time);

    @BeforeEach
    void look() {
        system = new SystemNames(folder.resolve("hosts"), folder.resolve("resolv.conf"), time);
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 53);
    }

    @Test
    void readsServersAgainWhenTheyChange() throws IOException {
        assertThat(system.resolvConf().servers()).containsExactly(at("127.0.0.1"));

        Files.writeString(folder.resolve("resolv.conf"), """
            # by hand
            nameserver 192.0.2.1
            nameserver
            nameserver 2001:db8::1
            nameserver x.test
            nameserver 192.0.2.3
            nameserver 192.0.2.4
            options edns0
            """);
        assertThat(system.resolvConf().servers()).as("looked at each second at most").containsExactly(at("127.0.0.1"));
        time.pass(Duration.ofSeconds(1));
        assertThat(system.resolvConf().servers()).containsExactly(at("192.0.2.1"), at("2001:db8::1"), at("192.0.2.3"));

        Files.delete(folder.resolve("resolv.conf"));
        time.pass(Duration.ofSeconds(1));
        assertThat(system.resolvConf().servers()).containsExactly(at("127.0.0.1"));
    }

    @Test
    void knowsThisMachineWithoutAnyFile() throws IOException {
        assertThat(system.hosts("localhost")).hasValueSatisfying(a -> assertThat(a).hasSize(2));
        assertThat(system.hosts("db.localhost")).isPresent();
        assertThat(system.hosts("notlocalhost")).isEmpty();

        Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\nnonsense here\n\n#192.0.2.1 out\n");
        time.pass(Duration.ofSeconds(1));
        assertThat(system.hosts("localhost")).hasValueSatisfying(a -> assertThat(a).containsExactly(InetAddress.ofLiteral("127.0.0.1")));
        assertThat(system.hosts("here")).isEmpty();
        assertThat(system.hosts("out")).isEmpty();
    }

    /** B2: a file of the same size and time, moved into the place of another, is another. */
    @Test
    void seesAFileThatWasMovedIntoThePlaceOfAnother() throws IOException {
        Path file = folder.resolve("resolv.conf");
        Files.writeString(file, "nameserver 192.0.2.1\n");
        FileTime written = Files.getLastModifiedTime(file);
        assertThat(system.resolvConf().servers()).containsExactly(at("192.0.2.1"));
        assertThat(system.changed()).isTrue();
        Path other = Files.writeString(folder.resolve("resolv.conf.new"), "nameserver 192.0.2.2\n");
        Files.setLastModifiedTime(other, written);

        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        time.pass(Duration.ofSeconds(1));

        assertThat(system.resolvConf().servers()).containsExactly(at("192.0.2.2"));
        assertThat(system.changed()).isTrue();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        time.pass(Duration.ofSeconds(1));
        assertThat(system.changed()).as("it says what it said").isFalse();
    }
}
