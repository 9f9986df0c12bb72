// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.itest.testkit.ErrorLog;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleGuard;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A resource that keeps its body in a file, behind the front door and real sockets. */
@Timeout(30)
class RequestBodyTest {
    private static final int MAX = 3_000_000;

    @TempDir
    Path state;

    private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
    private final ErrorLog log = new ErrorLog();
    private String token = "";
    private Undertow server = Undertow.builder().build();

    @BeforeEach
    void start() throws IOException {
        AdminToken opened = AdminToken.open(state);
        token = Files.readString(state.resolve(AdminToken.FILE)).strip();
        Roster roster = new Roster(System::nanoTime, new BundleGuard(System::nanoTime, account -> { }));
        roster.add(Samples.owner(1), new TokenAuthenticator(opened));
        roster.add(Samples.owner(2), new KeepingResource());
        FrontDoor door = new FrontDoor(roster, new Gate(roster, new HostCheck(List.of())), new Seats(System::nanoTime), virtualThreads,
            FrontDoor.DEADLINE);
        server = Undertow.builder().addHttpListener(0, "127.0.0.1", new HttpContinueReadHandler(door)).setIoThreads(1).setWorkerThreads(1)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, FrontDoor.MAX_UNREAD_BYTES).build();
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        virtualThreads.close();
        log.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000, MAX})
    void streamsABodyOfKnownLengthToAFile(int length) throws Exception {
        assertThat(ask(head("Content-Length: " + length), bytes(length))).startsWith("HTTP/1.1 200").contains("\"" + length + "\"");

        assertThat(Files.readAllBytes(state.resolve("kept-a.jar"))).isEqualTo(bytes(length));
    }

    @Test
    void takesABodyThatComesByteByByte() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: 5").getBytes(US_ASCII));
            for (byte b : "hello".getBytes(US_ASCII)) {
                socket.setTcpNoDelay(true);
                out.write(b);
                out.flush();
            }

            assertThat(readAll(socket)).startsWith("HTTP/1.1 200");
        }
        assertThat(state.resolve("kept-a.jar")).hasContent("hello");
    }

    @Test
    void asksForTheBodyOnlyWhenItIsWanted() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("Expect: 100-continue\r\nContent-Length: 5").getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(25), US_ASCII)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write("hello".getBytes(US_ASCII));
            assertThat(readAll(socket)).startsWith("HTTP/1.1 200");
        }
        String strange = head("Expect: 100-continue\r\nContent-Length: 5").replace(token, "x");
        assertThat(ask(strange, new byte[0])).startsWith("HTTP/1.1 401");
    }

    @Test
    void refusesABodyOverTheLimitOfTheResource() throws Exception {
        assertThat(ask(head("Content-Length: " + (MAX + 1)), new byte[0])).startsWith("HTTP/1.1 413").contains("payload_too_large");
    }

    @Test
    void readsNoBodyOfAStranger() throws Exception {
        String strange = head("Content-Length: 1000000").replace(token, "x".repeat(token.length()));

        assertThat(ask(strange, new byte[0], 1)).startsWith("HTTP/1.1 401");

        assertThat(state.resolve("kept-a.jar")).doesNotExist();
    }

    @Test
    void endsARequestWhoseClientGoesAwayInTheMidstOfItsBody() throws Exception {
        for (int i = 0; i < 2 * FrontDoor.MAX_BODIES; i++) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write((head("Content-Length: 100") + "half").getBytes(US_ASCII));
                socket.shutdownOutput();
                readAll(socket);
            }
        }

        assertThat(ask(head("Content-Length: 5"), "hello".getBytes(US_ASCII))).startsWith("HTTP/1.1 200");
    }

    private static final String PATH = "/v1/kept/a.jar";

    private String head(String fields) {
        return "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\n" + fields + "\r\n\r\n";
    }

    private Socket connect() throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private String ask(String head, byte[] body) throws IOException {
        return ask(head, body, Integer.MAX_VALUE);
    }

    /** Sends all and returns what is answered, of that at most some lines if the server may keep the connection. */
    private String ask(String head, byte[] body, int lines) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(body);
                } catch (IOException refused) {
                    Thread.currentThread().interrupt();
                }
            });
            String answer = lines == 1 ? new String(socket.getInputStream().readNBytes(12), US_ASCII) : readAll(socket);
            assertThat(writer.isAlive() && lines != 1 && answer.isEmpty()).isFalse();
            return answer;
        }
    }

    private static String readAll(Socket socket) {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[4096];
        try (InputStream in = socket.getInputStream()) {
            for (int n = in.read(some); n > 0; n = in.read(some)) {
                all.append(new String(some, 0, n, US_ASCII));
            }
            return all.toString();
        } catch (IOException reset) {
            return all.toString();
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    private final class KeepingResource implements Resource {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String template() {
            return "/v1/kept/{name}";
        }

        @Override
        public Optional<Right> right() {
            return Optional.of(Samples.CHANGE);
        }

        @Override
        public long maxBodyBytes() {
            return MAX;
        }

        @Override
        public Reply handle(Request request) {
            try {
                long size = Files.copy(request.body(), state.resolve("kept-" + request.variable("name")), StandardCopyOption.REPLACE_EXISTING);
                return Reply.of(200, JsonText.TYPE, "[\"" + size + "\"]");
            } catch (IOException disk) {
                throw new RefusedException(500, ProblemCode.IO_ERROR.code(), "", String.valueOf(new UncheckedIOException(disk)));
            }
        }
    }
}
