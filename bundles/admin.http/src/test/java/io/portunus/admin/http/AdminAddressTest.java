// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.http.AdminServer.Settings;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.Xnio;

/** Where the surface listens, and what becomes of it when it cannot. */
@Timeout(60)
class AdminAddressTest {
    private final Samples node = new Samples();

    @Test
    void makesATakenPortAProblemOfItsCheck(@TempDir Path other) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                AdminServer second = node.server(Settings.of("127.0.0.1:" + taken.getLocalPort(), List.of(), other))) {
            second.start(Xnio.getInstance());

            assertThat(second.address()).isEmpty();
            assertThat(second.problems()).singleElement().satisfies(p -> {
                assertThat(p.code()).isEqualTo(ProblemCode.PORT_IN_USE);
                assertThat(p.path()).isEqualTo("admin.listen");
                assertThat(p.text()).contains("127.0.0.1:" + taken.getLocalPort()).contains("another port");
            });
        }
    }

    /** B4: the surface as well as a rule's listener. */
    @Test
    void listensByItselfOnceThePortIsFree(@TempDir Path other) throws Exception {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        try (taken; AdminServer second = node.server(Settings.of("127.0.0.1:" + taken.getLocalPort(), List.of(), other))) {
            second.start(Xnio.getInstance());
            assertThat(second.problems()).hasSize(1);

            taken.close();

            while (!second.problems().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(second.address().map(InetSocketAddress::getPort)).contains(taken.getLocalPort());
            assertThat(other.resolve(AdminServer.ADDRESS_FILE)).exists();
        }
    }

    @Test
    void makesAnAddressOfAnotherMachineAProblemOfItsCheck(@TempDir Path other) {
        try (AdminServer second = node.server(Settings.of("192.0.2.1:7080", List.of(), other))) {
            second.start(Xnio.getInstance());

            assertThat(second.problems()).singleElement().satisfies(p -> {
                assertThat(p.code()).isEqualTo(ProblemCode.BIND_FAILED);
                assertThat(p.text()).contains("192.0.2.1:7080").contains("assign").contains("an address of this machine");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[127.0.0.1]:80", "localhost:80", "1.2.3:80"})
    void makesAMalformedAddressAProblemOfItsCheck(String listen, @TempDir Path other) {
        try (AdminServer second = node.server(Settings.of(listen, List.of(), other))) {
            second.start(Xnio.getInstance());

            assertThat(second.problems()).extracting(Problem::code).containsExactly(ProblemCode.INVALID_VALUE);
        }
    }
}
