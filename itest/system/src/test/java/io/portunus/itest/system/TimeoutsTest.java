// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long connections may take for what they do, as the rule sets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class TimeoutsTest {
    /** Of TEST-NET-1, where nobody answers; on this machine there may be no way there at all, which is as good. */
    private static final String NOBODY = "192.0.2.1:9";

    private final int idle = Ports.free();
    private final int half = Ports.free();
    private final int life = Ports.free();
    private final int far = Ports.free();
    private Backend echo;
    private Appliance appliance;

    @BeforeAll
    void start(@TempDir Path directory) {
        echo = Backend.echo();
        appliance = Appliance.start(directory, Rules.plain("idle", idle, echo.port()) + "timeouts = { idle = \"1s\" }\n"
            + Rules.plain("half", half, echo.port()) + "timeouts = { half_closed = \"1s\" }\n"
            + Rules.plain("life", life, echo.port()) + "timeouts = { lifetime = \"1s\" }\n"
            + farRule());
    }

    private String farRule() {
        return """
            [[rule]]
            name = "far"
            listen_port = %d
            target = "%s"
            timeouts = { connect_attempt = "300ms", connect = "500ms" }
            """.formatted(far, NOBODY);
    }

    @AfterAll
    void stop() throws IOException {
        appliance.close();
        echo.close();
    }

    private static boolean ended(Socket socket) {
        try {
            socket.setSoTimeout(10_000);
            return socket.getInputStream().read() == -1;
        } catch (IOException reset) {
            return true;
        }
    }

    private void recorded(String rule, String reason) {
        Await.until("the record of " + rule + " says " + reason, Duration.ofSeconds(10), () -> appliance.accessLog().lines()
            .anyMatch(l -> l.contains("\"rule\":\"" + rule + "\"") && l.contains("\"close_reason\":\"" + reason + "\"")));
    }

    /** M3. */
    @Test
    void silentConnectionIsEnded() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", idle)) {
            assertThat(ended(socket)).isTrue();
        }
        recorded("idle", "idle_timeout");
    }

    @Test
    void connectionThatSpeaksNowAndThenLivesOn() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", idle)) {
            socket.setSoTimeout(10_000);
            long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(1);
                assertThat(socket.getInputStream().read()).isEqualTo(1);
            }
        }
    }

    @Test
    void connectionOfWhichOneSideHasFinishedIsEndedWhenTheOtherIsSilent() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Backend mute = Backend.start(socket -> awaits(over));
        appliance.configure(Rules.plain("half", half, mute.port()) + "timeouts = { half_closed = \"1s\" }\n"
            + Rules.plain("idle", idle, echo.port()) + "timeouts = { idle = \"1s\" }\n"
            + Rules.plain("life", life, echo.port()) + "timeouts = { lifetime = \"1s\" }\n" + farRule());
        Await.until("the file is read", Duration.ofSeconds(10), () -> appliance.get("/v1/rules").body().contains(Integer.toString(mute.port())));
        try (Socket socket = new Socket("127.0.0.1", half)) {
            socket.shutdownOutput();
            assertThat(ended(socket)).isTrue();
        }
        recorded("half", "half_closed_timeout");
        over.countDown();
        mute.close();
    }

    private static void awaits(CountDownLatch over) {
        try {
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void connectionThatIsOldEnoughIsEndedThoughItSpeaks() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", life)) {
            socket.setSoTimeout(10_000);
            boolean open = true;
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (open && System.nanoTime() < end) {
                open = speaks(socket);
            }
            assertThat(open).isFalse();
        }
        recorded("life", "max_lifetime");
    }

    private static boolean speaks(Socket socket) {
        try {
            socket.getOutputStream().write(1);
            return socket.getInputStream().read() == 1;
        } catch (IOException reset) {
            return false;
        }
    }

    @Test
    void targetThatDoesNotAnswerIsGivenUpInTime() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", far)) {
            assertThat(ended(socket)).isTrue();
        }
        Await.until("the record says why", Duration.ofSeconds(10), () -> appliance.accessLog().lines().anyMatch(l -> l.contains("\"rule\":\"far\"")
            && (l.contains("\"connect_timeout\"") || l.contains("\"connect_failed\""))));
    }
}
