// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.http.Surface;
import io.portunus.itest.testkit.ErrorLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The resources of a fake node on a real surface, and a client that has its token. */
final class NodeClient implements AutoCloseable {
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(90), ZoneOffset.UTC);
    private static final JsonMapper JSON = new JsonMapper();

    final FakeNode node = new FakeNode();
    final Surface server;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ErrorLog log = new ErrorLog();
    private final String token;

    NodeClient(Path state, Duration deadline, Duration grace) throws IOException {
        server = new Surface(Resources.of(node, new DetachedChanges(), CLOCK, state), state, deadline, grace);
        node.surface = List.of(server.check());
        assertThat(server.check().problems()).isEmpty();
        token = server.token();
    }

    /** A surface with the bounds it has in earnest. */
    static NodeClient of(Path state) throws IOException {
        return new NodeClient(state, Surface.DEADLINE, Surface.GRACE);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).header("Authorization", "Bearer " + token);
    }

    CompletableFuture<HttpResponse<String>> start(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
        return start(request(path).method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)))
            .get();
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    HttpResponse<String> post(String path) throws Exception {
        return send("POST", path, "");
    }

    /** A connection on which the head of a POST was sent. */
    Socket post(String path, String fields) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + token
            + "\r\n" + fields + "\r\n\r\n").getBytes(US_ASCII));
        return socket;
    }

    /** What was logged as an error so far, which then counts no more. */
    List<String> takeErrors() {
        List<String> errors = List.copyOf(log.errors());
        log.errors().clear();
        return errors;
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    static void assertProblem(HttpResponse<String> answer, int status, String code, String path) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).at("/error/code").asString()).isEqualTo(code);
        assertThat(json(answer).at("/error/path").asString("")).isEqualTo(path);
        assertThat(json(answer).at("/error/message").asString()).isNotEmpty();
    }

    /** Closes, and fails if anything was logged as an error. */
    @Override
    public void close() {
        server.close();
        http.close();
        log.close();
    }
}
