// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B5: rules that forward to listeners of their own node, where the check can know it and where only the engine can. */
@Timeout(120)
class ForwardingLoopTest {
    private static final int CLIENTS = 50;
    private static final Duration SOON = Duration.ofSeconds(20);

    private static String rule(String name, int port, String host, int target) {
        return "[[rule]]\nname = \"" + name + "\"\nlisten_port = " + port + "\ntarget = \"" + host + ":" + target + "\"\n";
    }

    private static boolean ended(Appliance appliance) {
        return appliance.get("/v1/flows").body().contains("\"flows\":[]");
    }

    private static void isReset(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void loopThatOnlyNamesCloseIsRefusedWhereItIsMet(String transport, @TempDir Path home) throws IOException {
        int self = Ports.free();
        int one = Ports.free();
        int two = Ports.free();
        try (NameServer names = new NameServer()) {
            names.resolves("here.test", 60, "127.0.0.1");
            String toml = "[global]\ntransport = \"" + transport + "\"\n" + rule("self", self, "here.test", self) + rule("one", one, "here.test", two)
                + rule("two", two, "here.test", one) + "[dns]\nservers = [\"" + names.address() + "\"]\n";
            try (Appliance appliance = Appliance.start(home, toml)) {
                for (int i = 0; i < CLIENTS; i++) {
                    isReset(self);
                    isReset(one);
                }

                Await.until("no flow is left", SOON, () -> ended(appliance));
                Await.until("each client met a loop", SOON, () -> records(appliance, "forwarding_loop") >= 2 * CLIENTS);
                // Of each client one or two more than the chain is long, and no flood of them.
                assertThat(appliance.accessLog().lines().count()).isLessThan(12L * CLIENTS);
                assertThat(appliance.get("/metrics").body()).contains("reason=\"forwarding_loop\"");
            }
        }
    }

    private static long records(Appliance appliance, String reason) {
        return appliance.accessLog().lines().filter(line -> line.contains("\"" + reason + "\"")).count();
    }

    /** A chain of listeners is legitimate, however it is written. */
    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void chainOfListenersIsServed(String transport, @TempDir Path home) throws IOException {
        int first = Ports.free();
        int second = Ports.free();
        int third = Ports.free();
        try (Backend backend = Backend.echo(); Appliance appliance = Appliance.start(home, "[global]\ntransport = \"" + transport + "\"\n"
            + rule("first", first, "127.0.0.1", second) + rule("second", second, "localhost", third)
            + rule("third", third, "127.0.0.1", backend.port()))) {
            for (int i = 0; i < CLIENTS; i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), first)) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(i);
                    assertThat(socket.getInputStream().read()).isEqualTo(i);
                }
            }

            assertThat(records(appliance, "forwarding_loop")).isZero();
        }
    }

    @Test
    void checkReportsALoopOfLiterals(@TempDir Path home) throws IOException {
        Path file = Files.writeString(home.resolve("portunus.toml"),
            rule("one", 18_080, "127.0.0.1", 18_081) + rule("two", 18_081, "localhost", 18_080));

        Appliance.Finished finished = Appliance.run(home, List.of("--config", file.toString(), "--check"));

        assertThat(finished.exitCode()).isNotZero();
        assertThat(finished.out() + finished.err()).contains("forwarding_loop").contains("rule[1].target");
    }
}
