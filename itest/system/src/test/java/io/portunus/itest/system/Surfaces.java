// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import io.portunus.itest.testkit.Appliance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What an appliance shows of itself, asked the way a client would; a question that is not answered is a plain no. Confined to one test. */
final class Surfaces {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String BANNER = "SSH-2.0-PORTUNUS";
    private final Path home;
    private final Path key;
    private final int sshPort;
    private final Appliance appliance;

    Surfaces(Path home, int sshPort, Appliance appliance) {
        this.home = home;
        this.key = home.resolve("id");
        this.sshPort = sshPort;
        this.appliance = appliance;
    }

    /** The table that opens the shell, with the one key that may come in. */
    static String shell(Path home, int port) {
        ended(List.of("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ann", "-f", home.resolve("id").toString()));
        try {
            Path keys = home.resolve("authorized_keys");
            Files.copy(home.resolve("id.pub"), keys);
            Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
            return "[shell]\nlisten = \"127.0.0.1:" + port + "\"\nauthorized_keys = \"" + keys + "\"\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the bundle's own surface answers, by the bundle. */
    Map<String, BooleanSupplier> byBundle() {
        return Map.of("metrics.prometheus", () -> gets("/metrics", "portunus_build_info"), "admin.node", () -> gets("/v1/rules", "\"plain\""),
            "admin.http", () -> gets("/healthz", ""), "stats.socket", this::statistics, "shell", () -> ssh("portunus:status").contains("ready"),
            "shell.ssh", this::banner,
            "logging.json", () -> gets("/v1/changes", "changes"));
    }

    private boolean gets(String path, String part) {
        try {
            HttpResponse<String> answer = appliance.get(path);
            return answer.statusCode() == 200 && answer.body().contains(part);
        } catch (UncheckedIOException away) {
            return false;
        }
    }

    private boolean statistics() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(home.resolve("stats.sock")));
            ByteBuffer first = ByteBuffer.allocate(6);
            while (first.hasRemaining() && channel.read(first) >= 0) {
                Thread.onSpinWait();
            }
            return new String(first.array(), StandardCharsets.US_ASCII).equals("{\"v\":1");
        } catch (IOException away) {
            return false;
        }
    }

    private boolean banner() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sshPort)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new String(socket.getInputStream().readNBytes(BANNER.length()), StandardCharsets.US_ASCII).equals(BANNER);
        } catch (IOException away) {
            return false;
        }
    }

    /** What a command answers over SSH, on either output. */
    String ssh(String line) {
        return ended(List.of("/usr/bin/ssh", "-F", "none", "-p", Integer.toString(sshPort), "-i", key.toString(), "-o", "IdentitiesOnly=yes",
            "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR",
            "-o", "UserKnownHostsFile=" + home.resolve("known_hosts"), "-o", "ConnectTimeout=10", "-l", "anybody", "127.0.0.1", line));
    }

    private static String ended(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile()).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(1, TimeUnit.MINUTES) ? text : "it did not end: " + text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
