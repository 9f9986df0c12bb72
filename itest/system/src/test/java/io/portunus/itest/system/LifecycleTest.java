// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Start, stop, and what is said when neither works. */
@Timeout(120)
class LifecycleTest {
    @TempDir
    private Path directory = Path.of(".");

    @Test
    void checkWritesOkForAGoodFile() throws IOException {
        Path config = Files.writeString(directory.resolve("good.toml"), Rules.plain("web", Ports.free(), 9));

        Appliance.Finished check = Appliance.run(directory, List.of("--config", config.toString(), "--check"));

        assertThat(check.out()).isEqualTo("ok\n");
        assertThat(check.exitCode()).isZero();
    }

    @Test
    void checkWritesEveryProblemWithItsPlace() throws IOException {
        Path config = Files.writeString(directory.resolve("bad.toml"), """
            [[rule]]
            name = "a"
            listen_port = 70000
            target = "127.0.0.1:9"
            colour = "red"

            [[rule]]
            name = "a"
            listen_port = 7080
            target = "no port"
            """);

        Appliance.Finished check = Appliance.run(directory, List.of("--config", config.toString(), "--check"));

        assertThat(check.exitCode()).isEqualTo(2);
        assertThat(check.err()).contains("bad.toml:3:").contains("rule[0].listen_port").contains("unknown_key").contains("rule[0].colour")
            .contains("rule[1].target").contains("duplicate_name");
    }

    @Test
    void missingFileEndsWithTwo() {
        Appliance.Finished run = Appliance.run(directory, List.of("--config", directory.resolve("none.toml").toString()));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("none.toml");
    }

    @Test
    void unknownOptionEndsWithTwoAndHelpWithNought() {
        assertThat(Appliance.run(directory, List.of("--colour")).exitCode()).isEqualTo(2);
        assertThat(Appliance.run(directory, List.of("--help")).exitCode()).isZero();
        assertThat(Appliance.run(directory, List.of("--version")).out()).contains("0.1.0");
    }

    @Test
    void takenPortEndsTheStartWithOneAndASentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            Appliance appliance = Appliance.launch(directory, Rules.plain("web", taken.getLocalPort(), 9));

            assertThat(appliance.awaitExit()).isEqualTo(1);
            assertThat(appliance.errors()).contains("port_in_use").contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void terminationDrains() throws IOException {
        int port = Ports.free();
        try (Backend echo = Backend.echo(); Appliance appliance = Appliance.start(directory, Rules.plain("web", port, echo.port()));
            Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open.setSoTimeout(10_000);
            exchange(open);

            appliance.process().destroy();

            Await.until("no new connection is taken", Duration.ofSeconds(10), () -> refused(port));
            exchange(open);
            open.shutdownOutput();
            assertThat(open.getInputStream().read()).isEqualTo(-1);
            assertThat(appliance.awaitExit()).isZero();
            assertThat(appliance.errors()).contains("standalone.stopped");
        }
    }

    @Test
    void secondSignalEndsAtOnce() throws IOException {
        int port = Ports.free();
        try (Backend echo = Backend.echo(); Appliance appliance = Appliance.start(directory, Rules.plain("web", port, echo.port()));
            Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
            exchange(open);
            appliance.process().destroy();
            Await.until("it drains", Duration.ofSeconds(10), () -> refused(port));

            appliance.process().destroy();

            assertThat(appliance.awaitExit()).isNotZero();
        }
    }

    @Test
    void secondStartFindsItsCacheAndForwards() throws IOException {
        int port = Ports.free();
        try (Backend echo = Backend.echo()) {
            for (int start = 0; start < 2; start++) {
                try (Appliance appliance = Appliance.start(directory, Rules.plain("web", port, echo.port()));
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    exchange(socket);
                    assertThat(appliance.process().isAlive()).isTrue();
                }
            }
        }
    }

    @Test
    void rangesSeveralPortsAndBindAddressesReachTheirTargets() throws IOException {
        int range = Ports.freeRange(3);
        int first = Ports.free();
        int second = Ports.free();
        int bound = Ports.free();
        try (Backend echo = Backend.echo(); Appliance appliance = Appliance.start(directory, """
            [[rule]]
            name = "range"
            listen_ports = "%d-%d"
            target = "localhost:%d-%d"

            [[rule]]
            name = "several"
            listen_ports = [%d, %d]
            target = "localhost:%d"

            [[rule]]
            name = "bound"
            bind = "127.0.0.2"
            listen_port = %d
            target = "127.0.0.1:%d"
            """.formatted(range, range + 2, echo.port() - 1, echo.port() + 1, first, second, echo.port(), bound, echo.port()))) {
            for (InetSocketAddress address : List.of(new InetSocketAddress("127.0.0.1", range + 1), new InetSocketAddress("::1", range + 1),
                new InetSocketAddress("127.0.0.1", first), new InetSocketAddress("127.0.0.1", second), new InetSocketAddress("127.0.0.2", bound))) {
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    exchange(socket);
                }
            }
            assertThat(refused(bound)).isTrue();
            assertThat(appliance.get("/v1/rules").body()).contains("range", "several", "bound");
        }
    }

    private static void exchange(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(5);
        assertThat(socket.getInputStream().read()).isEqualTo(5);
    }

    private static boolean refused(int port) {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException other) {
            return false;
        }
    }
}
