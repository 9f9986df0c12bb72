// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class StatsViewTest {
    @TempDir
    private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Path socket() {
        return directory.resolve("s.sock");
    }

    private boolean once(Duration patience) {
        return new OnceView(socket(), patience).print(new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String complaint() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Test
    void oncePrintsOneObjectOfHelloAndSnapshot() throws IOException {
        try (FakeDaemon daemon = new FakeDaemon(socket(), Lines.HELLO + "\n" + Lines.snapshot(5, 77) + "\n", true)) {
            assertThat(once(Duration.ofSeconds(5))).isTrue();
            assertThat(daemon).isNotNull();
        }

        String text = out.toString(StandardCharsets.UTF_8);
        JsonNode whole = new JsonMapper().readTree(text);
        assertThat(whole.propertyNames()).containsExactly("hello", "snapshot");
        assertThat(whole.at("/hello").propertyNames()).containsExactly("daemon_started_at_ms", "daemon_version", "refresh_ms", "rules", "v");
        assertThat(whole.at("/hello/rules").size()).isEqualTo(2);
        assertThat(whole.at("/hello/rules/0/name").asString()).isEqualTo("web");
        assertThat(whole.at("/hello/rules/0/targets/0/proxy_protocol").isNull()).isTrue();
        assertThat(whole.at("/snapshot").propertyNames()).containsExactly("process", "r", "seq", "t_ms", "uptime_ms");
        assertThat(whole.at("/snapshot/r/0/in").asLong()).isEqualTo(77);
        assertThat(whole.at("/snapshot/r/0/id").toString()).isEqualTo("\"18446744073709551614\"");
        assertThat(whole.at("/snapshot/r/1/err/dns_failures").asLong()).isEqualTo(12);
        assertThat(complaint()).isEmpty();
        assertThat(text).startsWith("{\n  \"hello\": {\n    \"daemon_started_at_ms\": 1000,\n")
            .contains("\n          {\n            \"host\": \"192.0.2.1\",\n").endsWith("\n}\n");
    }

    @Test
    void onceWithoutADaemonIsASentence() {
        assertThat(once(Duration.ofSeconds(5))).isFalse();
        assertThat(complaint().lines()).hasSize(1);
        assertThat(complaint()).contains(socket().toString(), "--socket PATH");
        assertThat(out.size()).isZero();
    }

    @Test
    void aFileThatIsNoSocketIsASentence() throws IOException {
        Files.writeString(socket(), "x");

        assertThat(once(Duration.ofSeconds(5))).isFalse();
        assertThat(complaint().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"v\":2}\n", "\u001b[31mboo\n", "{\"v\":1}"})
    void aDaemonThatEndsOrSpeaksAnotherLanguageIsASentence(String text) throws IOException {
        try (FakeDaemon daemon = new FakeDaemon(socket(), text, false)) {
            assertThat(once(Duration.ofSeconds(5))).isFalse();
            assertThat(daemon).isNotNull();
        }

        assertThat(complaint().lines()).hasSize(1);
        assertThat(complaint()).doesNotContain("\u001b");
    }

    @Test
    void aSilentDaemonIsGivenUp() throws IOException {
        try (FakeDaemon daemon = new FakeDaemon(socket(), Lines.HELLO + "\n", true)) {
            assertThat(once(Duration.ofMillis(200))).isFalse();
            assertThat(daemon).isNotNull();
        }

        assertThat(complaint()).contains("no snapshot came within");
    }

    @Test
    void feedConnectsAgainWhenTheDaemonIsBack() throws IOException {
        List<Feed.Event> events = new ArrayList<>();
        try (Feed feed = new Feed(socket())) {
            feed.start();
            until(() -> seen(feed, events, Feed.Event.Lost.class));
            try (FakeDaemon daemon = new FakeDaemon(socket(), Lines.HELLO + "\n", false)) {
                until(() -> seen(feed, events, Feed.Event.Came.class));
                assertThat(daemon).isNotNull();
            }
        }
    }

    @Test
    void readsTheSocketThatIsNamedElseTheUsualElseThatOfTheStateFolder() throws IOException {
        Path state = Files.createDirectory(directory.resolve("state"));
        Map<String, String> named = Map.of("portunus.stats.socket", "/named", "portunus.state", state.toString());
        Map<String, String> unnamed = Map.of("portunus.state", state.toString());

        assertThat(StatsView.socket(unnamed, socket())).isEqualTo(socket());
        Files.createFile(state.resolve("stats.sock"));
        assertThat(StatsView.socket(unnamed, socket())).isEqualTo(state.resolve("stats.sock"));
        assertThat(StatsView.socket(named, socket())).isEqualTo(Path.of("/named"));
        Files.createFile(socket());
        assertThat(StatsView.socket(unnamed, socket())).isEqualTo(socket());
    }

    private static boolean seen(Feed feed, List<Feed.Event> events, Class<? extends Feed.Event> type) {
        Optional<Feed.Event> next = feed.poll();
        next.ifPresent(events::add);
        return next.filter(type::isInstance).isPresent();
    }
}
