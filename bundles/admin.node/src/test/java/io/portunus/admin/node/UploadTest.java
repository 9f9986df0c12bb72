// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static io.portunus.admin.node.NodeClient.assertProblem;
import static io.portunus.admin.node.NodeClient.json;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.http.Surface;
import io.portunus.model.Problem;
import io.portunus.node.api.DeployCode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jars that are sent to a node, and changes that outlast their requests. */
@Timeout(30)
class UploadTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    /** A deadline that leaves a jar two seconds, with those it has for its size. */
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2).minusSeconds(UpgradeResource.MAX_BYTES >> 20);

    @TempDir
    Path state;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5_000_000})
    void givesTheJarToTheNodeAndDeletesItAfterwards(int size) throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            HttpResponse<String> answer = client.start(upload(client, "/v1/bundles?drain=30s", size)).get();

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"done\":true,\"bundle\":\"io.portunus.flow.tls\",\"from\":\"1.0.0\",\"to\":\"1.1.0\","
                + "\"steps\":[\"Read it.\"],\"problems\":[]}");
            assertThat(client.node.control.asked)
                .containsExactly("upgrade " + size + " rw------- in rwx------ by http:127.0.0.1 drain PT30S");
            assertThat(incoming()).isEmpty();
        }
    }

    @Test
    void answersWhyAJarWasRefusedAndDeletesItToo() throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            client.node.control.problems = List.of(Problem.of(DeployCode.BUNDLE_EXPORTS, "", "It exports a package."));

            HttpResponse<String> answer = client.start(upload(client, "/v1/bundles", 10)).get();

            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(json(answer).at("/problems/0/code").asString()).isEqualTo("bundle_exports");
            assertThat(incoming()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "application/java-archive", "Application/Octet-Stream; x=y",
        "application/x-java-archive"})
    void takesWhatIsCalledAJar(String type) throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            assertThat(client.start(upload(client, "/v1/bundles", 10).setHeader("Content-Type", type)).get().statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "multipart/form-data; boundary=x", "application/json", ";"})
    void refusesWhatIsCalledSomethingElse(String type) throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            HttpResponse<String> answer = client.start(upload(client, "/v1/bundles", 10).header("Content-Type", type)).get();

            if (type.equals(";")) {
                assertThat(answer.statusCode()).isEqualTo(200);
            } else {
                assertProblem(answer, 415, "unsupported_media_type", "");
                assertThat(client.node.control.asked).isEmpty();
            }
        }
    }

    @Test
    void refusesAJarOverTheLimitBeforeItComes() throws Exception {
        try (NodeClient client = NodeClient.of(state);
                Socket socket = client.post("/v1/bundles", "Content-Length: " + (UpgradeResource.MAX_BYTES + 1))) {
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII)).startsWith("HTTP/1.1 413").contains("payload_too_large");
            assertThat(incoming()).isEmpty();
        }
    }

    @Test
    void forgetsAJarWhoseClientBreaksOff() throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            for (int i = 0; i < 2 * Surface.MAX_BODIES; i++) {
                try (Socket socket = client.post("/v1/bundles", "Content-Length: 1000000")) {
                    socket.getOutputStream().write(new byte[10_000]);
                    socket.shutdownOutput();
                    assertThat(readAll(socket)).doesNotContain("200 OK");
                }
            }

            assertThat(client.start(upload(client, "/v1/bundles", 10)).get().statusCode()).isEqualTo(200);
            assertThat(client.node.control.asked).singleElement().asString().startsWith("upgrade 10 ");
            awaitNothingIncoming();
        }
    }

    @Test
    void endsAJarThatDripsLongerThanAnyMayTake() throws Exception {
        try (NodeClient client = new NodeClient(state, TWO_SECONDS, Surface.GRACE);
                Socket socket = client.post("/v1/bundles", "Content-Length: 1000000")) {
            socket.getOutputStream().write(new byte[10]);

            assertThat(readAll(socket)).startsWith("HTTP/1.1 400").contains("body_incomplete", "within 2000 ms");
            assertThat(incoming()).isEmpty();
        }
    }

    @Test
    void takesTwoJarsAtOnceAndKeepsThemApart() throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            CountDownLatch both = new CountDownLatch(2);
            client.node.control.meanwhile = () -> {
                both.countDown();
                assertThat(awaited(both)).isTrue();
            };

            CompletableFuture<HttpResponse<String>> first = client.start(upload(client, "/v1/bundles", 100_000));
            CompletableFuture<HttpResponse<String>> second = client.start(upload(client, "/v1/bundles", 200_000));

            assertThat(List.of(first.get().statusCode(), second.get().statusCode())).containsExactly(200, 200);
            assertThat(client.node.control.asked).hasSize(2).anyMatch(a -> a.startsWith("upgrade 100000 "))
                .anyMatch(a -> a.startsWith("upgrade 200000 "));
            assertThat(incoming()).isEmpty();
        }
    }

    @Test
    void waitsForAChangeLongerThanForAnythingElse() throws Exception {
        try (NodeClient client = new NodeClient(state, TWO_SECONDS, Surface.GRACE)) {
            CountDownLatch baked = new CountDownLatch(1);
            client.node.control.meanwhile = () -> assertThat(awaited(baked)).isTrue();
            CompletableFuture<HttpResponse<String>> answer = client.start(upload(client, "/v1/bundles", 10));

            try (Socket cut = client.post("/v1/bundles", "Content-Length: 1000000")) {
                readAll(cut);
            }
            assertThat(answer.isDone()).isFalse();
            baked.countDown();

            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesMoreChangesThanItMakesAtOnce() throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            Semaphore working = new Semaphore(0);
            CountDownLatch done = new CountDownLatch(1);
            client.node.control.meanwhile = () -> {
                working.release();
                assertThat(awaited(done)).isTrue();
            };
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < DetachedChanges.MAX_AT_ONCE; i++) {
                answers.add(client.start(client.request("/v1/reload").POST(HttpRequest.BodyPublishers.noBody())));
            }
            working.acquire(DetachedChanges.MAX_AT_ONCE);

            assertProblem(client.start(upload(client, "/v1/bundles", 10)).get(), 409, "busy", "");
            assertThat(incoming()).isEmpty();
            done.countDown();

            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
            assertThat(client.post("/v1/reload").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void letsAChangeFinishWhileTheSurfaceCloses() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<Boolean> finished = new CompletableFuture<>();
        try (NodeClient client = new NodeClient(state, Surface.DEADLINE, SHORT)) {
            client.node.control.meanwhile = () -> {
                working.countDown();
                finished.complete(awaited(closed));
            };
            CompletableFuture<HttpResponse<String>> answer = client.start(upload(client, "/v1/bundles", 10));
            assertThat(awaited(working)).isTrue();

            client.server.close();

            assertProblem(answer.get(), 503, "closing", "");
            assertThat(incoming()).hasSize(1);
            closed.countDown();
            assertThat(finished.get()).isTrue();
            awaitNothingIncoming();
            assertThat(client.node.control.asked).singleElement().asString().startsWith("upgrade 10 ");
        }
    }

    @Test
    void sweepsWhatAKilledProcessLeft() throws Exception {
        Path folder = Files.createDirectory(state.resolve(Incoming.FOLDER));
        Path left = Files.createFile(folder.resolve("upload-left.jar"));
        Files.setLastModifiedTime(left, FileTime.from(NodeClient.CLOCK.instant().minus(Duration.ofHours(2))));
        Path underWay = Files.createFile(folder.resolve("upload-now.jar"));
        try (NodeClient client = NodeClient.of(state)) {
            client.start(upload(client, "/v1/bundles", 10)).get();

            assertThat(incoming()).containsExactly(underWay);
        }
    }

    @Test
    void reportsThatAJarCannotBeKept() throws Exception {
        Files.createFile(state.resolve(Incoming.FOLDER));
        try (NodeClient client = NodeClient.of(state)) {
            assertProblem(client.start(upload(client, "/v1/bundles", 10)).get(), 500, "io_error", "");
        }
    }

    @Test
    void answersADefectOfAChangeAndDeletesItsJar() throws Exception {
        try (NodeClient client = NodeClient.of(state)) {
            client.node.control.meanwhile = () -> {
                throw new IllegalStateException("secret detail");
            };

            HttpResponse<String> answer = client.start(upload(client, "/v1/bundles", 10)).get();

            assertProblem(answer, 500, "internal_error", "");
            assertThat(answer.body()).doesNotContain("secret");
            assertThat(client.takeErrors()).singleElement().asString().contains("a change failed");
            assertThat(incoming()).isEmpty();
        }
    }

    private static HttpRequest.Builder upload(NodeClient client, String path, int size) {
        return client.request(path).POST(HttpRequest.BodyPublishers.ofByteArray(new byte[size]));
    }

    private List<Path> incoming() throws IOException {
        Path folder = state.resolve(Incoming.FOLDER);
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The test's timeout is the bound. */
    private void awaitNothingIncoming() throws IOException {
        boolean gone = incoming().isEmpty();
        while (!gone) {
            gone = incoming().isEmpty();
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException cut) {
            return false;
        }
    }

    private static String readAll(Socket socket) {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[4096];
        try {
            for (int n = socket.getInputStream().read(some); n > 0; n = socket.getInputStream().read(some)) {
                all.append(new String(some, 0, n, US_ASCII));
            }
            return all.toString();
        } catch (IOException reset) {
            return all.toString();
        }
    }
}
