// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.system.Script.ExpectEnd;
import io.portunus.itest.system.Script.ExpectReset;
import io.portunus.itest.system.Script.Fin;
import io.portunus.itest.system.Script.Read;
import io.portunus.itest.system.Script.Rst;
import io.portunus.itest.system.Script.Send;
import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every order in which two ends can close (l4-requirements §3, L3). Each row is true of a direct connection, which a second test proves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class CloseOrderTest {
    private static final int MUCH = 1_000_000;

    private final int port = Ports.free();
    private final int refusedPort = Ports.free();
    /** Volatile: set by the test, read by the backend's threads. */
    private volatile Conversation current = new Conversation(Script.of());
    private Backend backend;
    private Appliance appliance;

    /** The backend's script and how it went. */
    private record Conversation(Script script, CompletableFuture<String> result) {
        Conversation(Script script) {
            this(script, new CompletableFuture<>());
        }

        void with(Socket socket) {
            try {
                socket.setSoTimeout(10_000);
                script.run(socket);
                result.complete("as written");
            } catch (IOException e) {
                result.complete("backend " + e.getMessage());
            }
        }
    }

    @BeforeAll
    void start(@TempDir Path directory) {
        backend = Backend.start(socket -> current.with(socket));
        appliance = Appliance.start(directory, Rules.plain("relay", port, backend.port()) + Rules.plain("nobody", refusedPort, Ports.free()));
    }

    @AfterAll
    void stop() throws IOException {
        appliance.close();
        backend.close();
    }

    record Row(String name, Script client, Script backend) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> orders() {
        return Stream.of(
            new Row("client ends first, then the backend",
                Script.of(new Send(10), new Fin(), new ExpectEnd()), Script.of(new Read(10), new ExpectEnd(), new Fin())),
            new Row("half-closed client still gets its whole answer",
                Script.of(new Send(10), new Fin(), new Read(200_003), new ExpectEnd()),
                Script.of(new Read(10), new ExpectEnd(), new Send(200_003), new Fin())),
            new Row("backend ends first, then the client",
                Script.of(new Read(10), new ExpectEnd(), new Fin()), Script.of(new Send(10), new Fin(), new ExpectEnd())),
            new Row("half-closed backend still gets all that the client sends",
                Script.of(new ExpectEnd(), new Send(MUCH), new Fin()), Script.of(new Fin(), new Read(MUCH), new ExpectEnd())),
            new Row("both end at once",
                Script.of(new Send(1000), new Fin(), new Read(1000), new ExpectEnd()),
                Script.of(new Send(1000), new Fin(), new Read(1000), new ExpectEnd())),
            new Row("much both ways at once, client ends first",
                Script.of(new Send(20_000), new Fin(), new Read(MUCH), new ExpectEnd()),
                Script.of(new Send(MUCH), new Read(20_000), new ExpectEnd(), new Fin())),
            new Row("client that says nothing and ends",
                Script.of(new Fin(), new ExpectEnd()), Script.of(new ExpectEnd(), new Fin())),
            new Row("client resets",
                Script.of(new Send(10), new Read(5), new Rst()), Script.of(new Read(10), new Send(5), new ExpectReset())),
            new Row("backend resets after its last words",
                Script.of(new Send(3), new Read(10), new ExpectReset()), Script.of(new Read(3), new Send(10), new Rst())),
            new Row("backend resets without a word",
                Script.of(new Send(3), new ExpectReset()), Script.of(new Read(3), new Rst())),
            new Row("client resets after the backend ended",
                Script.of(new ExpectEnd(), new Rst()), Script.of(new Fin(), new ExpectReset())),
            new Row("backend resets after the client ended",
                Script.of(new Send(1), new Fin(), new ExpectReset()), Script.of(new Read(1), new ExpectEnd(), new Rst())));
    }

    /** L3. */
    @ParameterizedTest
    @MethodSource("orders")
    void closesAsADirectConnectionDoes(Row row) throws Exception {
        assertThat(play(row, port)).isEqualTo(List.of("as written", "as written"));
        Await.until("no flow is left", Duration.ofSeconds(5), () -> appliance.get("/v1/flows").body().contains("\"flows\":[]"));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void theRowsAreTrueOfADirectConnection(Row row) throws Exception {
        assertThat(play(row, backend.port())).isEqualTo(List.of("as written", "as written"));
    }

    private List<String> play(Row row, int toPort) throws Exception {
        Conversation conversation = new Conversation(row.backend());
        current = conversation;
        String client = "as written";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), toPort)) {
            socket.setSoTimeout(10_000);
            row.client().run(socket);
        } catch (IOException e) {
            client = "client " + e.getMessage();
        }
        return List.of(client, conversation.result().get(15, TimeUnit.SECONDS));
    }

    @Test
    void refusedTargetAnswersByReset() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), refusedPort)) {
            socket.setSoTimeout(10_000);

            Script.of(new ExpectReset()).run(socket);
        }
    }
}
