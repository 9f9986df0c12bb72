// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.http.AdminServer.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.Xnio;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class AdminServerTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path state;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Samples node = new Samples();
    private AdminServer server = node.server(Settings.of("127.0.0.1:0", List.of(), Path.of("target")));

    @BeforeEach
    void start() {
        server = node.server(Settings.of("127.0.0.1:0", List.of(), state));
        server.start(Xnio.getInstance());
        assertThat(server.problems()).isEmpty();
    }

    @AfterEach
    void close() {
        server.close();
        http.close();
    }

    @Test
    void healthIsOkWhateverIsMissing() throws Exception {
        HttpResponse<String> answer = get("/healthz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void refusesUnknownPathsAndMethods() throws Exception {
        assertProblem(authorised("/v2"), 404, "not_found");
        assertProblem(authorised("/v1/rules/"), 404, "not_found");
        HttpResponse<String> wrong = send(authorisation("/v1/rules").DELETE());
        assertProblem(wrong, 405, "method_not_allowed");
        assertThat(wrong.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(send(authorisation("/v1/flows/1/kill")).headers().firstValue("Allow")).contains("OPTIONS, POST");
        assertThat(send(request("/healthz").HEAD()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/rules", "/v1/flows/1/kill", "/nowhere"})
    void requiresTheToken(String path) throws Exception {
        HttpResponse<String> none = get(path);

        assertProblem(none, 401, "unauthenticated");
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertProblem(send(request(path).header("Authorization", "Bearer " + "x".repeat(43))), 401, "unauthenticated");
        assertProblem(send(request(path).header("Authorization", "Basic " + token())), 401, "unauthenticated");
        assertProblem(send(request(path).header("Authorization", "Bearer")), 401, "unauthenticated");
    }

    @Test
    void refusesPagesOfOtherSites() throws Exception {
        String self = "127.0.0.1:" + port();

        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: " + self + "\r\nOrigin: http://" + self + "\r\nConnection: close\r\n\r\n"))
            .startsWith("HTTP/1.1 200");
        for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1", "http://" + self + ".evil.example")) {
            assertThat(raw("GET /healthz HTTP/1.1\r\nHost: " + self + "\r\nOrigin: " + origin + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403").contains("csrf_origin_mismatch");
        }
    }

    @Test
    void refusesAHeaderAndABodyOverTheLimit() throws Exception {
        String big = raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Big: " + "x".repeat(RequestHead.MAX_BYTES) + "\r\n\r\n");
        String many = raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + "X-A: 1\r\n".repeat(RequestHead.MAX_FIELDS) + "\r\n");
        String body = raw("POST /v1/flows/1/kill HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n");

        assertThat(big).startsWith("HTTP/1.1 431").contains("header_too_large");
        assertThat(many).startsWith("HTTP/1.1 431").contains("header_too_large");
        assertThat(body).startsWith("HTTP/1.1 413").contains("payload_too_large");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void closesAConnectionThatIsSlowWithItsHeaderAndServesOthersMeanwhile() throws Exception {
        try (Socket slow = connect()) {
            slow.getOutputStream().write("GET /heal".getBytes(StandardCharsets.US_ASCII));

            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 408")
                .contains("request_timeout");
        }
    }

    @Test
    void refusesWhatIsMoreThanItWorksOnAndStaysAlive() throws Exception {
        CountDownLatch working = new CountDownLatch(FrontDoor.MAX_AT_WORK);
        CountDownLatch done = new CountDownLatch(1);
        node.beforePage = () -> {
            working.countDown();
            awaitQuietly(done, 20);
        };
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < FrontDoor.MAX_AT_WORK; i++) {
            answers.add(http.sendAsync(request("/metrics").build(), HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();

        HttpResponse<String> refused = authorised("/v1/status");
        HttpResponse<String> ready = get("/readyz");
        HttpResponse<String> alive = get("/healthz");
        done.countDown();

        assertProblem(refused, 429, "overloaded");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(alive.statusCode()).isEqualTo(200);
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().body()).isEqualTo("portunus_up 1\n");
        }
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void sendsAnAnswerThatIsLargerThanAnyBuffer() throws Exception {
        node.body = "x".repeat(4_000_000);

        assertThat(get("/metrics").body()).hasSize(4_000_000);
    }

    @Test
    void takesThePlaceBackFromAClientThatDoesNotReadItsAnswer() throws Exception {
        server.close();
        server = node.server(new Settings("127.0.0.1:0", List.of(), state, Duration.ofSeconds(3), AdminServer.GRACE));
        server.start(Xnio.getInstance());
        node.body = "x".repeat(20_000_000);
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < FrontDoor.MAX_AT_WORK; i++) {
                Socket socket = connect();
                idle.add(socket);
                socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().read();
            }

            node.body = "portunus_up 1\n";
            boolean allBack = false;
            while (!allBack) {
                allBack = everyPlaceWorks();
            }
            assertThat(allBack).isTrue();
            assertThat(idle).allSatisfy(socket -> assertThat(bytesLeft(socket)).isLessThan(19_000_000));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void answersADefectAndLogsIt() throws Exception {
        node.beforePage = () -> {
            throw new IllegalStateException("secret detail");
        };

        HttpResponse<String> answer = get("/metrics");

        assertProblem(answer, 500, "internal_error");
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void writesItsAddressToAFileWhileItListens() throws Exception {
        Path file = state.resolve(AdminServer.ADDRESS_FILE);

        assertThat(Files.readString(file)).isEqualTo("127.0.0.1:" + port() + "\n");
        server.close();
        assertThat(file).doesNotExist();
        assertThat(state.toFile().list()).containsExactly(AdminToken.FILE);
    }

    @Test
    void keepsTheTokenOfTheFirstStart() throws Exception {
        String before = token();
        server.close();

        start();

        assertThat(token()).isEqualTo(before).hasSize(43);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(AdminToken.FILE)))).isEqualTo("rw-------");
    }

    @Test
    void refusesATokenFileThatOthersMayRead() throws Exception {
        server.close();
        Files.setPosixFilePermissions(state.resolve(AdminToken.FILE), PosixFilePermissions.fromString("rw-r-----"));

        server = node.server(Settings.of("127.0.0.1:0", List.of(), state));
        server.start(Xnio.getInstance());

        assertThat(server.problems()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("admin.token"));
        assertProblem(authorised("/v1/rules"), 401, "unauthenticated");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/rules HTTP/1.1\r\nHost: evil.example", "GET /nowhere HTTP/1.1\r\nHost: evil.example",
        "GET /v1/rules HTTP/1.0",
        "POST /v1/flows/1/kill HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example"})
    void refusesARequestThatMeansAnotherHostEvenWithTheToken(String request) throws Exception {
        assertThat(raw(request + "\r\nConnection: close\r\nAuthorization: Bearer " + token() + "\r\n\r\n"))
            .startsWith(request.contains("1.0") ? "HTTP/1.0 421" : "HTTP/1.1 421").contains("misdirected_request");
    }

    /** What else the node's own readiness must not disclose is a test of {@code admin.node}. */
    @Test
    void disclosesByAnotherHostOnlyWhetherItServesAndIsReady() throws Exception {
        assertThat(foreign("/healthz")).startsWith("HTTP/1.1 200").endsWith("{\"status\":\"ok\"}");
        assertThat(foreign("/readyz")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n{\"ready\":true}");
        assertThat(foreign("/metrics")).startsWith("HTTP/1.1 421").contains("misdirected_request");
        assertThat(foreign("/")).startsWith("HTTP/1.1 421").contains("misdirected_request");
    }

    private String foreign(String path) throws Exception {
        return raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz", "/metrics"})
    void answersProbesThatNameNoHost(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200").contains(path.equals("/readyz") ? "checks" : "");
    }

    /** Reads until the server's end or reset. */
    private static long bytesLeft(Socket socket) {
        byte[] some = new byte[65536];
        long sum = 0;
        try {
            for (int n = socket.getInputStream().read(some); n > 0; n = socket.getInputStream().read(some)) {
                sum += n;
            }
            return sum;
        } catch (SocketException reset) {
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for as many pages as may be at work, each of which waits for all others. */
    private boolean everyPlaceWorks() throws Exception {
        CountDownLatch all = new CountDownLatch(FrontDoor.MAX_AT_WORK);
        node.beforePage = () -> {
            all.countDown();
            awaitQuietly(all, 1);
        };
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < FrontDoor.MAX_AT_WORK; i++) {
            answers.add(http.sendAsync(request("/metrics").build(), HttpResponse.BodyHandlers.ofString()));
        }
        boolean served = true;
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            // A busy machine may be too slow for the exchange's deadline; the caller asks again.
            served &= answer.handle((reply, cut) -> cut == null && reply.statusCode() == 200).get();
        }
        return served && all.getCount() == 0;
    }

    private int port() {
        return server.address().orElseThrow().getPort();
    }

    private String token() throws Exception {
        return Files.readString(state.resolve(AdminToken.FILE)).strip();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    private HttpRequest.Builder authorisation(String path) throws Exception {
        return request(path).header("Authorization", "Bearer " + token());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<String> authorised(String path) throws Exception {
        return send(authorisation(path));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).isEqualTo(Optional.of("application/json"));
        assertThat(json(answer).at("/error/code").asString()).isEqualTo(code);
        assertThat(json(answer).at("/error/message").asString()).isNotEmpty();
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends the text and returns all that comes until the server closes or resets. */
    private String raw(String text) throws Exception {
        try (Socket socket = connect(); OutputStream out = socket.getOutputStream(); InputStream in = socket.getInputStream()) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            StringBuilder answer = new StringBuilder();
            byte[] some = new byte[4096];
            int n = in.read(some);
            while (n > 0) {
                answer.append(new String(some, 0, n, StandardCharsets.UTF_8));
                n = in.read(some);
            }
            return answer.toString();
        }
    }

    private static void awaitQuietly(CountDownLatch latch, int seconds) {
        try {
            latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
