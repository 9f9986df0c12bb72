// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.node.api.BundlePart;
import io.portunus.node.api.Post;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.sshd.common.channel.RequestHandler;
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
    private final SampleCommands commands = new SampleCommands();

    @BeforeEach
    void start() {
        threadIo.start();
        for (String name : List.of("status", "who", "refuse", "broken", "help", "slow", "await")) {
            processor.addCommand("portunus", commands, name);
        }
        processor.addCommand("felix", commands, "secret");
        processor.addCommand("shell", commands, "complete");
        processor.addCommand("shell", commands, "unknown");
    }

    @AfterEach
    void stop() {
        doors.forEach(SshDoor::close);
        processor.stop();
        threadIo.stop();
    }

    private int open(SshDoor.Limits limits) {
        SshDoor door = new SshDoor(processor, new SshDoor.Settings("127.0.0.1:0", keys(), folder.resolve("shell_host_key"), limits, false));
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
    void reportsRefusalsAndDefectsByStatusAndStandardError() throws Exception {
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
    void letsNobodyInByAFileOfAnotherUserOrByAPipe() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open();
        assertThat(client.ssh(port, key, "", "status").status()).isZero();

        if (Files.getAttribute(keys(), "unix:uid").equals(0)) {
            Files.setAttribute(keys(), "unix:uid", 4242);
        } else {
            Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw----rw-"));
        }
        assertThat(client.ssh(port, key, "", "status").err()).contains("Permission denied (publickey)");

        Files.delete(keys());
        assertThat(client.run("", List.of("/usr/bin/mkfifo", "-m", "600", keys().toString())).status()).isZero();
        assertThat(client.ssh(port, key, "", "status").err()).contains("Permission denied (publickey)");

        Files.delete(keys());
        allow(key);
        assertThat(client.ssh(port, key, "", "status").status()).isZero();
    }

    @Test
    void takesNoHostKeyThroughALink() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        HostKey.at(elsewhere);
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);

        assertThatThrownBy(() -> HostKey.at(link)).hasMessageContaining("symbolic link");
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
    void completesCommandsFirstAndNamesAfterThemDescribesOneAndAnswersTheUnknown() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open();
        String line = String.join(" ", client.command(port, key, "-tt"));

        OpenSsh.Ended ended = client.run("stat\twe\t\rstatuss\rexit\r", List.of("/usr/bin/script", "-qec", line, "/dev/null"));

        assertThat(ended.out()).contains("all is well [web-one]", "there is no command statuss");
        assertThat(client.ssh(port, key, "", "help", "status").out()).isEqualTo("status does this\n");
        assertThat(client.ssh(port, key, "", "shell:complete", "s").status()).isEqualTo(1);
    }

    @Test
    void controlCEndsTheWaitingForACommandAndTheShellGoesOn() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        String line = String.join(" ", client.command(open(), key, "-tt"));

        OpenSsh.Ended ended = client.run(List.of(new OpenSsh.Typed("portunus> ", "slow\r"), new OpenSsh.Typed("slow\r", "\u0003"),
            new OpenSsh.Typed("no longer waited for", "who\r"), new OpenSsh.Typed("ssh:ann", "exit\r")),
            List.of("/usr/bin/script", "-qec", line, "/dev/null"));

        assertThat(ended.out()).contains("no longer waited for", "ssh:ann").doesNotContain("Exception");
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
        SshDoor open = new SshDoor(processor, new SshDoor.Settings("127.0.0.1:0", keys(), hostKey, SshDoor.Limits.USUAL, false));
        open.open();
        assertThat(open.port()).isZero();
        open.close();

        Files.setPosixFilePermissions(hostKey, PosixFilePermissions.fromString("rw-------"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String listen : List.of("127.0.0.1:" + taken.getLocalPort(), "localhost:1", "127.0.0.1", "::1:1")) {
                SshDoor shut = new SshDoor(processor, new SshDoor.Settings(listen, keys(), hostKey, SshDoor.Limits.USUAL, false));
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
            new SshDoor.Settings("127.0.0.1:" + port, keys(), folder.resolve("shell_host_key"), SshDoor.Limits.USUAL, false));
        doors.add(next);

        next.open();
        assertThat(next.port()).isZero();
        doors.getFirst().close();

        awaitAnswer(client, port, key);
        assertThat(next.port()).isEqualTo(port);
    }

    @Test
    void leavesItsPortToTheNextVersionAndGivesTheAnswerThatIsUnderWay() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        SshDoor first = new SshDoor(processor,
            new SshDoor.Settings("127.0.0.1:0", keys(), folder.resolve("shell_host_key"), SshDoor.Limits.USUAL, false));
        Post post = Post.apply(new BundlePart("shell.ssh", "1", "socket"), first);
        int port = first.port();
        SshDoor second = new SshDoor(processor,
            new SshDoor.Settings("127.0.0.1:" + port, keys(), folder.resolve("shell_host_key"), SshDoor.Limits.USUAL, false));
        try (Post next = Post.apply(new BundlePart("shell.ssh", "2", "socket"), second)) {
            FutureTask<OpenSsh.Ended> waiting = new FutureTask<>(() -> client.ssh(port, key, "", "await"));
            Thread.ofVirtual().start(waiting);
            assertThat(commands.begun.await(30, TimeUnit.SECONDS)).isTrue();

            post.close(first::finish);

            while (second.port() == 0) {
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(next.held()).isTrue();
            assertThat(second.port()).isEqualTo(port);
            assertThat(client.ssh(port, key, "", "who").out()).isEqualTo("ssh:ann\n");
            assertThat(Post.busy("shell.ssh", "1")).isTrue();
            assertThat(waiting).isNotDone();

            commands.goOn.countDown();
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(new OpenSsh.Ended(0, "at last\n", ""));
            while (Post.busy("shell.ssh", "1")) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    @Test
    void listensElsewhereIfNobodyNamedThePortAndWritesWhere() throws Exception {
        Path address = folder.resolve("shell.address");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SshDoor door = new SshDoor(processor, new SshDoor.Settings("127.0.0.1:" + taken.getLocalPort(), keys(), folder.resolve("shell_host_key"),
                SshDoor.Limits.USUAL, true));
            doors.add(door);

            door.open();
            while (door.port() == 0) {
                LockSupport.parkNanos(20_000_000);
            }

            assertThat(door.port()).isNotEqualTo(taken.getLocalPort());
            assertThat(Files.readString(address)).isEqualTo("127.0.0.1:" + door.port() + "\n");
            door.close();
            assertThat(address).doesNotExist();
        }
    }

    @Test
    void aPipeInPlaceOfTheFileOfKeysKeepsNobodyOutOnceItHasGone() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        assertThat(client.run("", List.of("/usr/bin/mkfifo", "-m", "600", keys().toString())).status()).isZero();
        int port = open();

        assertThat(client.ssh(port, key, "", "status").err()).contains("Permission denied (publickey)");
        Files.delete(keys());
        allow(key);

        assertThat(client.ssh(port, key, "", "status").status()).isZero();
    }

    @Test
    void theOldestThatHasNotLoggedInGivesWayToTheNewest() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open(new SshDoor.Limits(2, 4, 256, 3, Duration.ofMinutes(1), Duration.ofMinutes(1)));

        try (Socket first = connect(port); Socket second = connect(port)) {
            // Both are answered, so both are counted before the third comes.
            assertThat((char) first.getInputStream().read()).isEqualTo('S');
            assertThat((char) second.getInputStream().read()).isEqualTo('S');

            assertThat(client.ssh(port, key, "", "status").status()).isZero();

            // It ends, whether by an end or by a reset.
            assertThat(text(first)).isIn("", "SH-2.0-PORTUNUS\r\n");
            second.getOutputStream().write("SSH-2.0-test\r\n".getBytes(UTF_8));
            assertThat(second.getInputStream().readNBytes(64)).hasSize(64);
        }
    }

    @Test
    void sixteenSilentConnectionsLockNobodyOut() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open();

        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                silent.add(connect(port));
            }
            assertThat(client.ssh(port, key, "", "status").status()).isZero();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void whoHasLoggedInKeepsThePlace() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ecdsa", "ann");
        allow(key);
        int port = open(new SshDoor.Limits(1, 4, 256, 3, Duration.ofMinutes(1), Duration.ofMinutes(1)));

        try (SshPeer peer = new SshPeer(port, key)) {
            assertThat(client.ssh(port, key, "", "status").status()).isEqualTo(255);
            assertThat(peer.run("who")).isEqualTo("ssh:ann\n");
        }
        awaitAnswer(client, port, key);
    }

    @Test
    void aConnectionHasAsManyChannelsAtATimeAndInItsLifeAsItMay() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ecdsa", "ann");
        allow(key);
        int port = open(new SshDoor.Limits(2, 4, 20, 3, Duration.ofMinutes(1), Duration.ofMinutes(1)));

        try (SshPeer peer = new SshPeer(port, key)) {
            assertThat(peer.openChannels(300)).isEqualTo(4);
        }
        try (SshPeer peer = new SshPeer(port, key)) {
            int answered = 0;
            while (answered < 100 && peer.answers("who")) {
                answered++;
            }
            assertThat(answered).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MACs=hmac-sha1", "MACs=hmac-sha1-etm@openssh.com", "Ciphers=aes128-cbc", "Ciphers=3des-cbc",
        "KexAlgorithms=diffie-hellman-group14-sha1", "KexAlgorithms=diffie-hellman-group1-sha1",
        "KexAlgorithms=diffie-hellman-group-exchange-sha1"})
    void offersNothingThatIsBroken(String option) throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        List<String> command = client.command(open(), key, "status");
        command.addAll(1, List.of("-o", "LogLevel=INFO", "-o", option, "-o", option.startsWith("MACs") ? "Ciphers=aes128-ctr" : "Compression=no"));

        OpenSsh.Ended ended = client.run("", command);

        assertThat(ended.status()).isEqualTo(255);
        assertThat(ended.err()).contains("no matching");
    }

    @Test
    void offersNoCompressionAndSpeaksWithTodaysClient() throws Exception {
        int port = open();

        String offer = new String(offer(port), StandardCharsets.US_ASCII);

        assertThat(offer).doesNotContain("zlib", "sha1", "-cbc", "md5", "arcfour").contains("curve25519-sha256", "aes256-gcm@openssh.com",
            "hmac-sha2-256-etm@openssh.com");
    }

    /** The server's first packet, its lists of algorithms (RFC 4253 §7.1). */
    private static byte[] offer(int port) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write("SSH-2.0-test\r\n".getBytes(UTF_8));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int c = in.read(); c != '\n'; c = in.read()) {
                assertThat(c).isNotNegative();
            }
            return in.readNBytes(in.readInt());
        }
    }

    @Test
    void takesNoVariableAndForwardsNoAgent() throws Exception {
        OpenSsh client = new OpenSsh(folder);
        Path key = client.key("id", "ed25519", "ann");
        allow(key);
        int port = open();

        assertThat(client.ssh(port, key, "", "-A", "-X", "-o", "SetEnv=TERM=vt100", "status").out()).startsWith("all is well");
        assertThat(new CommandChannel().handleEnvParsed("LANG", "C")).isEqualTo(RequestHandler.Result.ReplyFailure);
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
        int port = open(new SshDoor.Limits(2, 4, 256, 3, Duration.ofSeconds(1), Duration.ofMinutes(1)));

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
