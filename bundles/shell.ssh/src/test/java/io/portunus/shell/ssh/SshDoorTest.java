// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door with Gogo behind it and OpenSSH's client before it. */
@Timeout(60)
class SshDoorTest {
    @TempDir
    private Path folder;

    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
    private final List<SshDoor> doors = new ArrayList<>();

    @BeforeEach
    void start() {
        threadIo.start();
        SampleCommands commands = new SampleCommands();
        for (String name : List.of("status", "who", "refuse", "broken")) {
            processor.addCommand("portunus", commands, name);
        }
        processor.addCommand("felix", commands, "secret");
    }

    @AfterEach
    void stop() {
        doors.forEach(SshDoor::close);
        processor.stop();
        threadIo.stop();
    }

    private int open(SshDoor.Limits limits) {
        SshDoor door = new SshDoor(processor, new SshDoor.Settings("127.0.0.1:0", keys(), folder.resolve("shell_host_key"), limits));
        doors.add(door);
        door.open();
        assertThat(door.port()).isPositive();
        return door.port();
    }

    private int open() {
        return open(SshDoor.Limits.USUAL);
    }

    private Path keys() {
        return folder.resolve("authorized_keys");
    }

    private void allow(Path key) throws IOException {
        Files.write(keys(), Files.readAllBytes(Path.of(key + ".pub")), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void runsOneCommandForWhoseKeyIsInTheFile(String type) throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", type, "ann@desk");
        allow(key);
        int port = open();

        assertThat(client.ssh(port, key, "", "portunus:status", "-p", "'a b'")).isEqualTo(new OpenSsh.Ended(0, "all is well [-p, a b]\n", ""));
        assertThat(client.ssh(port, key, "", "who").out()).isEqualTo("ssh:ann@desk\n");
    }

    @Test
    void tellsRefusalsAndDefectsByStatusAndStandardError() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open();

        assertThat(client.ssh(port, key, "", "refuse")).isEqualTo(new OpenSsh.Ended(1, "", "no such thing\n"));
        assertThat(client.ssh(port, key, "", "broken").err()).isEqualTo("the command failed by a defect; the log has its trace\n");
        assertThat(client.ssh(port, key, "", "help").out()).isEqualTo("broken\nrefuse\nstatus\nwho\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"felix:secret", "secret", "portunus:felix:secret", "gogo:cat /etc/passwd", "status | felix:secret",
        "felix:secret; status",
        "[] getClass", "$.context", "portunus:*", "new java.lang.Object"})
    void reachesNothingButTheCommandsOfPortunus(String line) throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);

        OpenSsh.Ended ended = client.ssh(open(), key, "", line);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).isNotEmpty().doesNotContain("\nsecret");
    }

    @Test
    void letsNobodyInWhoseKeyIsNotThereAndReadsTheFileAgain() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        int port = open();

        assertThat(client.ssh(port, key, "", "status").status()).isEqualTo(255);
        Files.writeString(keys(), "# nobody\nnot a key\ncommand=\"x\" " + Files.readString(Path.of(key + ".pub")));
        Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw-------"));
        assertThat(client.ssh(port, key, "", "status").err()).contains("Permission denied (publickey)");
        allow(key);
        assertThat(client.ssh(port, key, "", "status").status()).isZero();
        Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw-rw-r--"));
        Files.writeString(keys(), "\n", StandardOpenOption.APPEND);
        assertThat(client.ssh(port, key, "", "status").status()).isEqualTo(255);
    }

    @Test
    void takesNoFourthKey() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path allowed = client.key("four", "ed25519", "four");
        allow(allowed);
        int port = open();

        List<String> command = client.command(port, allowed, "who");
        for (String name : List.of("two", "three")) {
            command.addAll(1, List.of("-i", client.key(name, "ed25519", name).toString()));
        }
        assertThat(client.run("", command).out()).isEqualTo("ssh:four\n");
        command.addAll(1, List.of("-i", client.key("one", "ed25519", "one").toString()));
        assertThat(client.run("", command).status()).isEqualTo(255);
    }

    @Test
    void forwardsNothingAndHasNoSubsystems() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open();

        assertThat(client.ssh(port, key, "", "-s", "sftp").status()).isNotZero();
        assertThat(client.ssh(port, key, "", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "status").status()).isEqualTo(255);
        OpenSsh.Ended direct = client.run("", withoutTarget(client.command(port, key), port));
        assertThat(direct.status()).isEqualTo(255);
        assertThat(direct.err()).contains("stdio forwarding failed");
    }

    private static List<String> withoutTarget(List<String> command, int port) {
        command.addAll(1, List.of("-W", "127.0.0.1:" + port));
        return command;
    }

    @Test
    void runsLinesFromAPipe() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);

        assertThat(client.ssh(open(), key, "who\n\nstatus\nrefuse\nexit\nstatus\n", "-T"))
            .isEqualTo(new OpenSsh.Ended(1, "ssh:ann\nall is well []\n", "no such thing\n"));
    }

    @Test
    void promptsWhoHasATerminalAndOpensNoEditor() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        String line = String.join(" ", client.command(open(), key, "-tt"));

        // Ctrl-X Ctrl-E would open an editor on the line, were it there.
        OpenSsh.Ended ended = client.run("who\rstatus x\u0018\u0005\rexit\r", List.of("/usr/bin/script", "-qec", line, "/dev/null"));

        assertThat(ended.out()).contains("portunus> ", "ssh:ann", "all is well [x");
        assertThat(ended.status()).isZero();
    }

    @Test
    void makesItsHostKeyOnceAndForItsOwnerOnly() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        open();
        Path hostKey = folder.resolve("shell_host_key");
        String made = Files.readString(hostKey);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hostKey))).isEqualTo("rw-------");
        assertThat(client.run("", List.of("/usr/bin/ssh-keygen", "-l", "-f", hostKey.toString())).out()).startsWith("256 ").contains("(ECDSA)");
        open();
        assertThat(Files.readString(hostKey)).isEqualTo(made);
    }

    @Test
    void staysShutWhenItsHostKeyIsOpenToOthersOrItsPortIsTaken() throws Exception {
        Path hostKey = folder.resolve("shell_host_key");
        HostKey.at(hostKey);
        Files.setPosixFilePermissions(hostKey, PosixFilePermissions.fromString("rw-r-----"));
        SshDoor open = new SshDoor(processor, new SshDoor.Settings("127.0.0.1:0", keys(), hostKey, SshDoor.Limits.USUAL));
        open.open();
        assertThat(open.port()).isZero();
        open.close();

        Files.setPosixFilePermissions(hostKey, PosixFilePermissions.fromString("rw-------"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String listen : List.of("127.0.0.1:" + taken.getLocalPort(), "localhost:1", "127.0.0.1", "::1:1")) {
                SshDoor shut = new SshDoor(processor, new SshDoor.Settings(listen, keys(), hostKey, SshDoor.Limits.USUAL));
                shut.open();
                assertThat(shut.port()).isZero();
                shut.close();
            }
        }
    }

    @Test
    void listensAsSoonAsTheVersionBeforeHasGone() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open();
        SshDoor next = new SshDoor(processor,
            new SshDoor.Settings("127.0.0.1:" + port, keys(), folder.resolve("shell_host_key"), SshDoor.Limits.USUAL));
        doors.add(next);

        next.open();
        assertThat(next.port()).isZero();
        doors.getFirst().close();

        awaitAnswer(client, port, key);
        assertThat(next.port()).isEqualTo(port);
    }

    @Test
    void closesConnectionsAboveTheLimitAndTakesOthersWhenOneHasGone() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open(new SshDoor.Limits(2, 4, 3, Duration.ofMinutes(1), Duration.ofMinutes(1)));

        try (Socket first = connect(port); Socket second = connect(port)) {
            // Both are answered, so both are counted before the third comes.
            assertThat((char) first.getInputStream().read()).isEqualTo('S');
            assertThat((char) second.getInputStream().read()).isEqualTo('S');
            assertThat(client.ssh(port, key, "", "status").status()).isEqualTo(255);
        }
        awaitAnswer(client, port, key);
    }

    /** Asks again and again, for the class's time limit at most. */
    private static void awaitAnswer(OpenSsh client, int port, Path key) throws IOException, InterruptedException {
        OpenSsh.Ended last = client.ssh(port, key, "", "status");
        while (last.status() != 0) {
            last = client.ssh(port, key, "", "status");
        }
        assertThat(last.out()).startsWith("all is well");
    }

    @Test
    void closesConnectionsThatDoNotLogInInTime() throws Exception {
        int port = open(new SshDoor.Limits(2, 4, 3, Duration.ofSeconds(1), Duration.ofMinutes(1)));

        try (Socket silent = connect(port)) {
            assertThat(text(silent)).startsWith("SSH-2.0-PORTUNUS");
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Everything until the server closes. */
    private static String text(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }
}
