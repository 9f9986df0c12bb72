// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.api.Reply;
import io.portunus.admin.http.AdminServer.Settings;
import io.portunus.admin.http.Samples.Sample;
import io.portunus.node.api.BundleGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.Xnio;

/** What bundles bring while the surface listens, over sockets. */
@Timeout(60)
class WhiteboardTest {
    private final Roster roster = new Roster(System::nanoTime, new BundleGuard(System::nanoTime, account -> { }));
    private final Path state;
    private AdminServer server;

    WhiteboardTest(@TempDir Path state) {
        this.state = state;
        roster.add(Samples.owner(0), new TokenAuthenticator(AdminToken.open(state)));
        server = listen(FrontDoor.DEADLINE);
    }

    private AdminServer listen(Duration deadline) {
        AdminServer made = new AdminServer(roster, new Settings("127.0.0.1:0", List.of(), state, deadline, AdminServer.GRACE));
        made.start(Xnio.getInstance());
        return made;
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aResourceComesAndGoesWhileTheSocketStays() throws Exception {
        assertThat(asToken("GET /v1/things")).startsWith("HTTP/1.1 404 ");

        roster.add(Samples.owner(1), Samples.sample("GET", "/v1/things", Samples.READ));
        assertThat(asToken("GET /v1/things")).startsWith("HTTP/1.1 200 ");
        assertThat(ask("GET /v1/things", "")).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: Bearer\r\n");

        roster.remove(1);
        assertThat(asToken("GET /v1/things")).startsWith("HTTP/1.1 503 ").contains("component_missing", "Retry-After: 1\r\n");
        assertThat(ask("GET /v1/things", "")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void whoTakesAResourceAwayWaitsForTheRequestAtWork() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        roster.add(Samples.owner(1), slow(working, done));
        CompletableFuture<String> answer = asTokenLater("GET /v1/slow");
        working.await();

        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> roster.remove(1));
        while (!asToken("GET /v1/slow").startsWith("HTTP/1.1 503 ")) {
            Thread.onSpinWait();
        }
        done.countDown();

        assertThat(answer.get()).startsWith("HTTP/1.1 200 ").endsWith("done");
        gone.get();
    }

    @Test
    void aRequestThatHoldsItsBundleUpIsInterrupted() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        roster.add(Samples.owner(1), slow(working, new CountDownLatch(1)));
        CompletableFuture<String> answer = asTokenLater("GET /v1/slow");
        working.await();

        roster.remove(1);

        assertThat(answer.get()).startsWith("HTTP/1.1 503 ").contains("component_missing");
    }

    @Test
    void whoHangsBeyondItsTimeIsInterruptedAndItsPlaceIsBack() throws Exception {
        server.close();
        server = new AdminServer(roster, new Settings("127.0.0.1:0", List.of(), state, Duration.ofSeconds(1), AdminServer.GRACE));
        server.start(Xnio.getInstance());
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        roster.add(Samples.owner(1), new Sample("GET", "/v1/slow", Optional.of(Samples.READ), false, request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException late) {
                interrupted.complete(true);
            }
            return Reply.noContent();
        }));

        assertThat(asToken("GET /v1/slow")).isEmpty();

        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void whoHangsForEverKeepsOnlyItsOwnResource() throws Exception {
        server.close();
        server = listen(Duration.ofSeconds(1));
        CountDownLatch end = new CountDownLatch(1);
        roster.add(Samples.owner(1), new Sample("GET", "/v1/deaf", Optional.of(Samples.READ), false, request -> {
            while (end.getCount() > 0) {
                awaitDeaf(end);
            }
            return Reply.noContent();
        }));
        roster.add(Samples.owner(2), Samples.sample("GET", "/v1/things", Samples.READ));

        List<CompletableFuture<String>> hanging = IntStream.range(0, ForeignCalls.MAX_OVERDUE)
            .mapToObj(i -> asTokenLater("GET /v1/deaf")).toList();
        for (CompletableFuture<String> each : hanging) {
            assertThat(each.get()).isEmpty();
        }

        assertThat(asToken("GET /v1/deaf")).startsWith("HTTP/1.1 503 ").contains("resource_hangs");
        assertThat(asToken("GET /v1/things")).startsWith("HTTP/1.1 200 ");
        end.countDown();
    }

    private static void awaitDeaf(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException unheard) {
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    private static Sample slow(CountDownLatch working, CountDownLatch done) {
        return new Sample("GET", "/v1/slow", Optional.of(Samples.READ), false, request -> {
            working.countDown();
            try {
                done.await();
            } catch (InterruptedException cut) {
                throw new IllegalStateException(cut);
            }
            return Reply.of(200, "text/plain", "done");
        });
    }

    @ParameterizedTest
    @CsvSource({"guest, GET, 200", "guest, POST, 403", "banned, GET, 401", "broken, GET, 401", "nobody, GET, 401"})
    void anAuthenticatorIsAskedAndARightIsNeeded(String name, String method, int status) throws Exception {
        roster.add(new Owner(2, "names", "1.0.0", 9, 10), new SampleAuthenticator("names"));
        roster.add(Samples.owner(1), Samples.sample("GET", "/v1/things", Samples.READ));
        roster.add(Samples.owner(2), Samples.sample("POST", "/v1/things", Samples.CHANGE));

        String answer = ask(method + " /v1/things", "X-Name: " + name + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain("secret");
        assertThat(answer.contains("WWW-Authenticate: Name realm=\"names\", Bearer\r\n")).isEqualTo(status == 401 && !name.equals("broken"));
        assertThat(asToken(method + " /v1/things")).startsWith("HTTP/1.1 200 ");
        roster.remove(9);
        assertThat(ask(method + " /v1/things", "X-Name: guest\r\n")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void withoutAnAuthenticatorNobodyPasses() throws Exception {
        roster.add(Samples.owner(1), Samples.sample("GET", "/v1/things", Samples.READ));
        roster.remove(0);

        assertThat(asToken("GET /v1/things")).startsWith("HTTP/1.1 401 ").doesNotContain("WWW-Authenticate");
    }

    @Test
    void filesHaveTypesTagsAndAnIndex() throws Exception {
        roster.add(Samples.owner(1), new SampleFiles("/console/"));

        String page = ask("GET /console/", "");
        assertThat(page).startsWith("HTTP/1.1 200 ").contains("Content-Type: text/html; charset=utf-8\r\n", "X-Content-Type-Options: nosniff\r\n",
            "Cache-Control: no-cache\r\n").endsWith("\r\n\r\nindex.html");
        assertThat(ask("GET /console/js/app.js?v=1", "")).contains("Content-Type: text/javascript; charset=utf-8\r\n").endsWith("js/app.js");
        assertThat(ask("GET /console/js/", "")).endsWith("js/index.html");
        assertThat(ask("GET /console", "")).startsWith("HTTP/1.1 308 ").contains("Location: /console/\r\n");
        assertThat(ask("HEAD /console/a.css", "")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
        assertThat(ask("POST /console/a.css", "")).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD, OPTIONS\r\n");
        String tag = page.lines().filter(line -> line.startsWith("ETag: ")).findFirst().orElseThrow().substring(6);
        assertThat(ask("GET /console/", "If-None-Match: " + tag + "\r\n")).startsWith("HTTP/1.1 304 ").endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console/../etc/passwd.txt", "/console/%2e%2e/a.txt", "/console/./a.txt", "/console/.htaccess.txt", "/console//a.txt",
        "/console/a", "/console/a.exe", "/console/dir/.", "/console/a.txt/..", "/console/%c3%a4.txt", "/console/a%20b.txt", "/console/missing.txt"})
    void filesThatAreNoneAreNotAskedFor(String path) throws Exception {
        SampleFiles files = new SampleFiles("/console/");
        roster.add(Samples.owner(1), files);

        assertThat(ask("GET " + path, "")).startsWith("HTTP/1.1 404 ").contains("not_found");

        assertThat(files.asked()).isSubsetOf("missing.txt");
    }

    private String asToken(String line) throws IOException {
        return ask(line, "Authorization: Bearer " + Files.readString(state.resolve(AdminToken.FILE)).strip() + "\r\n");
    }

    private CompletableFuture<String> asTokenLater(String line) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(asToken(line));
            } catch (IOException failed) {
                answer.completeExceptionally(failed);
            }
        });
        return answer;
    }

    private String ask(String line, String fields) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.address().orElseThrow().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
