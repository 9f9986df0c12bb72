// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.http.AdminServer.Settings;
import io.portunus.itest.testkit.ErrorLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.xnio.Xnio;

/** A surface over samples, and a client that has its token. */
final class AdminClient implements AutoCloseable {
    final Samples node = new Samples();
    final AdminServer server;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ErrorLog log = new ErrorLog();
    private final String token;

    AdminClient(Path state, Duration deadline, Duration grace) throws IOException {
        server = node.server(new Settings("127.0.0.1:0", List.of(), state, deadline, grace));
        server.start(Xnio.getInstance());
        assertThat(server.problems()).isEmpty();
        token = Files.readString(state.resolve(AdminToken.FILE)).strip();
    }

    /** A surface with the bounds it has in earnest. */
    static AdminClient of(Path state) throws IOException {
        return new AdminClient(state, FrontDoor.DEADLINE, AdminServer.GRACE);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().orElseThrow().getPort() + path))
            .header("Authorization", "Bearer " + token);
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

    /** Closes, and fails if anything was logged as an error. */
    @Override
    public void close() {
        server.close();
        http.close();
        log.close();
    }
}
