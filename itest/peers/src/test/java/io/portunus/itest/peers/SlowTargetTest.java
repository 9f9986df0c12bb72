// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Clients;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** nginx at the other end of a slow wire: what takes long is waited for, what has stopped is not. */
@Timeout(120)
class SlowTargetTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** A tenth of the time that a silence may take, so that a busy machine does not make one. */
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int SIZE = 256 * 1024;
    private static final String REQUEST = "GET /bulk HTTP/1.0\r\n\r\n";

    private final int idle = Ports.free();
    private final int half = Ports.free();
    private final byte[] bulk = new byte[SIZE];
    private Server nginx;
    private SlowWire wire;
    private Appliance appliance;

    @BeforeEach
    void start(@TempDir Path home) throws IOException {
        new Random(7).nextBytes(bulk);
        Files.write(home.resolve("bulk"), bulk);
        int at = Ports.free();
        Path config = Server.write(home.resolve("nginx.conf"), """
            user root;
            daemon off;
            pid %1$s/nginx.pid;
            events { }
            http {
              access_log off;
              client_body_temp_path %1$s/t1;
              proxy_temp_path %1$s/t2;
              fastcgi_temp_path %1$s/t3;
              uwsgi_temp_path %1$s/t4;
              scgi_temp_path %1$s/t5;
              server { listen 127.0.0.1:%2$d; root %1$s; }
            }
            """.formatted(home, at));
        nginx = Server.start(home.resolve("nginx.log"), at, List.of("nginx", "-p", home.toString(), "-e", "stderr", "-c", config.toString()));
        wire = new SlowWire(at, PAUSE);
        appliance = Appliance.start(home.resolve("node"), rule("idle", idle, "idle = \"3s\"") + rule("half", half, "half_closed = \"3s\""));
    }

    private String rule(String name, int port, String timeouts) {
        return """
            [[rule]]
            name = "%s"
            listen_port = %d
            target = "127.0.0.1:%d"
            timeouts = { %s }
            """.formatted(name, port, wire.port(), timeouts);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        wire.close();
        nginx.close();
    }

    private static Socket ask(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void assertWhole(InputStream answer) throws IOException {
        byte[] all = answer.readAllBytes();
        assertThat(Arrays.copyOfRange(all, Math.max(0, all.length - SIZE), all.length)).isEqualTo(bulk);
    }

    private void recorded(String rule, String reason) {
        Await.until("the record of " + rule + " says " + reason, SOON, () -> appliance.accessLog().lines()
            .anyMatch(l -> l.contains("\"rule\":\"" + rule + "\"") && l.contains("\"close_reason\":\"" + reason + "\"")));
    }

    @Test
    void answerThatTakesLongerThanASilenceMayComesWhole() throws IOException {
        try (Socket socket = ask(idle)) {
            assertWhole(socket.getInputStream());
        }
        recorded("idle", "completed");
    }

    @Test
    void answerToAClientThatHasFinishedComesWholeThoughItTakesLong() throws IOException {
        try (Socket socket = ask(half)) {
            socket.shutdownOutput();
            assertWhole(socket.getInputStream());
        }
        recorded("half", "completed");
    }

    @Test
    void answerThatDoesNotComeIsNotWaitedFor() throws IOException {
        wire.pauses(Duration.ofMinutes(2));
        try (Socket silent = ask(idle); Socket finished = ask(half)) {
            finished.shutdownOutput();

            assertThat(Clients.ended(silent)).isTrue();
            assertThat(Clients.ended(finished)).isTrue();
        }
        recorded("idle", "idle_timeout");
        recorded("half", "half_closed_timeout");
    }
}
