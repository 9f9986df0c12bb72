// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.Post;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class StatsServerTest {
    /** Above what a signed number has room for. */
    private static final long BIG_ID = -2;
    private static final Rule WEB = Rule.of(BIG_ID, "web", List.of(PortRange.parse("8000-8001")), Match.ANY, TargetAddress.parse("[::1]:9000-9001"));
    private static final Rule NAMED = Rule.of(7, "taken", List.of(PortRange.of(443)),
        Match.ofSni(Optional.of(HostPattern.parse("*.example.com"))), TargetAddress.parse("app.example.com:8443"));
    private static final StatsServer.Timing FAST =
        new StatsServer.Timing(Duration.ofMillis(500), Duration.ofMillis(50), Duration.ofSeconds(60));

    private static final BundlePart PART = new BundlePart("io.portunus.stats.socket", "1", "socket");

    @TempDir
    private Path directory;
    private final Events events = new Events();
    private final FakeEngine engine = new FakeEngine(WEB, NAMED);
    private final AtomicBoolean splices = new AtomicBoolean(true);
    private Path socket = Path.of("/");
    private StatsServer server = server(FAST);
    private Post post = Post.apply(PART, server);

    @BeforeEach
    void choosePath() {
        socket = directory.resolve("run/stats.sock");
    }

    @AfterEach
    void stop() {
        close();
        events.close();
    }

    private void close() {
        post.close();
        server.close();
    }

    private StatsServer server(StatsServer.Timing timing) {
        Clock clock = Clock.fixed(Instant.ofEpochSecond(61), ZoneOffset.UTC);
        return new StatsServer(new StatsSource(engine, new FakeNode(), new LinuxProcess(), clock, splices::get), timing);
    }

    private StatsSettings on(long refreshMillis) {
        return new StatsSettings(true, socket.toString(), Optional.empty(), Duration.ofMillis(refreshMillis));
    }

    private void open() {
        server.apply(on(250));
        Await.until(() -> events.has("INFO standalone.stats_socket_listening"));
    }

    @Test
    void helloDescribesNodeAndRules() throws IOException {
        open();

        try (Reader reader = new Reader(socket)) {
            JsonNode hello = reader.next();
            assertThat(hello.get("v").asInt()).isEqualTo(1);
            assertThat(hello.get("daemon_version").asString()).isEqualTo("1.2.3");
            assertThat(hello.get("daemon_started_at_ms").asLong()).isEqualTo(1000);
            assertThat(hello.get("refresh_ms").asLong()).isEqualTo(250);
            assertThat(hello.get("rules").get(0).toString()).isEqualTo("{\"id\":\"18446744073709551614\",\"name\":\"web\",\"proto\":\"tcp\","
                + "\"listen\":\"8000-8001\",\"targets\":[{\"host\":\"[::1]\",\"port\":9000,\"priority\":0,\"proxy_protocol\":null,"
                + "\"ports\":\"9000-9001\",\"weight\":1}],\"splice_capable\":true,\"udp_max_flows\":null,"
                + "\"enabled\":true,\"listeners\":[\"*:8000-8001\"],\"match\":\"\"}");
            assertThat(hello.get("rules").get(1).get("listen").asString()).isEqualTo("443");
            assertThat(hello.get("rules").get(1).get("match").asString()).isEqualTo("tls *.example.com");
        }
    }

    @Test
    void snapshotFollowsAtOnceAndThenAtEachRefresh() throws IOException {
        open();

        try (Reader reader = new Reader(socket)) {
            assertThat(reader.next().has("v")).isTrue();
            JsonNode first = reader.next();
            JsonNode second = reader.next();
            assertThat(second.get("seq").asLong()).isEqualTo(first.get("seq").asLong() + 1);
            assertThat(first.get("t_ms").asLong()).isEqualTo(61_000);
            assertThat(first.get("uptime_ms").asLong()).isEqualTo(60_000);
            assertThat(first.get("process").get("fd_open").asLong()).isPositive();
            assertThat(first.get("process").get("fd_limit").asLong()).isPositive();
            assertThat(first.get("process").get("rss_bytes").asLong()).isPositive();
            assertThat(first.get("seq").asLong()).isEqualTo(1);
            assertThat(first.propertyNames()).containsExactly("t_ms", "uptime_ms", "seq", "process", "r");
            assertThat(first.get("r").get(0).get("id").asString()).isEqualTo("18446744073709551614");
            assertThat(first.get("r").get(1).toString()).isEqualTo("{\"id\":\"7\",\"in\":10,\"out\":20,\"conns_active\":1,\"conns_total\":2,"
                + "\"datagrams_in\":0,\"datagrams_out\":0,\"flows_active\":0,\"target_failovers_total\":3,\"err\":{\"port_in_use\":1,"
                + "\"upstream_connect_failed\":4,\"icmp_evict\":0,\"emsgsize\":0,\"wouldblock\":0,\"addflow_dropped\":0,"
                + "\"flows_pending_drops\":0,\"bandwidth_dropped_in\":0,\"bandwidth_dropped_out\":0,\"send_dropped\":0,"
                + "\"dns_failures\":3,\"flows_dropped_overflow\":0},\"targets\":[{\"state\":\"healthy\",\"reason\":\"\"}]}");
            assertThat(first.get("r").get(1).get("err").size()).isEqualTo(12);
        }
    }

    @Test
    void newRulesAndANewRefreshTimeBringANewHello() throws IOException {
        open();

        try (Reader reader = new Reader(socket)) {
            assertThat(reader.nextHello().get("rules").size()).isEqualTo(2);
            assertThat(engine.apply(ForwardingTable.compile(new RuleSet("2", List.of(WEB))))).isEmpty();
            assertThat(reader.nextHello().get("rules").size()).isEqualTo(1);
            server.apply(on(300));
            assertThat(reader.nextHello().get("refresh_ms").asLong()).isEqualTo(300);
            splices.set(false);
            assertThat(reader.nextHello().get("rules").get(0).get("splice_capable").asBoolean()).isFalse();
        }
    }

    @Test
    void everyReaderCountsItsSnapshotsFromOne() throws IOException {
        open();

        try (Reader one = new Reader(socket)) {
            assertThat(one.next().has("v")).isTrue();
            assertThat(one.next().get("seq").asLong()).isEqualTo(1);
            assertThat(one.next().get("seq").asLong()).isEqualTo(2);
            try (Reader two = new Reader(socket)) {
                assertThat(two.next().has("v")).isTrue();
                assertThat(two.next().get("seq").asLong()).isEqualTo(1);
            }
        }
    }

    @Test
    void aReaderTooManyIsClosedAtOnceAndAPlaceComesFreeAgain() throws IOException {
        open();
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < Reception.MAX_READERS; i++) {
            readers.add(new Reader(socket));
            assertThat(readers.getLast().next().has("v")).isTrue();
        }

        for (int i = 0; i < 3; i++) {
            try (Reader tooMany = new Reader(socket)) {
                assertThat(tooMany.ended()).isTrue();
            }
        }
        assertThat(events.count("WARN standalone.stats_conn_limit_reached")).isEqualTo(1);
        readers.getFirst().close();
        Await.until(() -> events.has("DEBUG standalone.stats_client_disconnected"));
        // Its place is given back right behind the event.
        Await.until(this::isGreeted);

        for (Reader reader : readers) {
            reader.close();
        }
    }

    private boolean isGreeted() {
        try (Reader next = new Reader(socket)) {
            return next.next().has("v");
        } catch (IOException noRoomYet) {
            return false;
        }
    }

    @Test
    void aThousandReadersThatNeverReadTakeNoMoreThanThePlaces() throws IOException {
        open();
        LinuxProcess process = new LinuxProcess();
        long before = process.read().fdOpen();

        List<Reader> silent = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            silent.add(new Reader(socket));
            if (i >= Reception.MAX_READERS) {
                // Beyond the places nothing is kept: the end comes before the next tries.
                silent.removeLast().close();
            }
        }
        Await.until(() -> process.read().fdOpen() <= before + 2L * Reception.MAX_READERS);
        for (Reader reader : silent) {
            reader.close();
        }

        Await.until(this::isGreeted);
    }

    @Test
    void aStalledReaderIsLetGoAndHindersNobody() throws IOException {
        Rule[] many = IntStream.rangeClosed(1, 2000).mapToObj(i ->
            Rule.of(i, "rule-" + i, List.of(PortRange.of(i)), Match.ANY, TargetAddress.parse("192.0.2.1:80"))).toArray(Rule[]::new);
        assertThat(engine.apply(ForwardingTable.compile(new RuleSet("2", List.of(many))))).isEmpty();
        open();

        try (Reader stalled = new Reader(socket); Reader reader = new Reader(socket)) {
            assertThat(reader.next().get("rules").size()).isEqualTo(2000);
            while (!events.has("WARN standalone.stats_client_write_failed")) {
                assertThat(reader.next().has("seq")).isTrue();
            }
            assertThat(events.count("WARN standalone.stats_client_write_failed")).isEqualTo(1);
            assertThat(reader.next().has("seq")).isTrue();
            assertThat(stalled.channel().isOpen()).isTrue();
        }
    }

    @Test
    void whatAReaderSendsIsIgnoredUpToAMebibyte() throws IOException {
        open();

        try (Reader reader = new Reader(socket)) {
            send(reader, StatsReader.MAX_INPUT_BYTES);
            assertThat(reader.next().has("v")).isTrue();
            assertThat(reader.next().has("seq")).isTrue();
            assertThat(reader.next().has("seq")).isTrue();
            send(reader, 1);
            while (!reader.ended()) {
                Thread.onSpinWait();
            }
        }
    }

    private static void send(Reader reader, long bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) bytes);
        while (buffer.hasRemaining()) {
            assertThat(reader.channel().write(buffer)).isNotNegative();
        }
    }

    @Test
    void aReaderThatEndsItsOutputReadsOn() throws IOException {
        open();

        try (Reader reader = new Reader(socket)) {
            reader.channel().shutdownOutput();
            assertThat(reader.next().has("v")).isTrue();
            assertThat(reader.next().has("seq")).isTrue();
            assertThat(reader.next().has("seq")).isTrue();
        }
    }

    @Test
    void directoryAndSocketAreForOwnerAndGroupAndTheSocketIsRemovedAtTheEnd() throws IOException {
        open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-rw----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("run")))).isEqualTo("rwxr-x---");
        close();
        assertThat(socket).doesNotExist();
        assertThat(socket.getParent()).exists();
    }

    @Test
    void theModeOfADirectoryThatWasThereStays() throws IOException {
        Files.createDirectory(directory.resolve("run"));
        Files.setPosixFilePermissions(directory.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));

        open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("run")))).isEqualTo("rwxr-xr-x");
        assertThat(events.has("DEBUG standalone.stats_dir_chmod_skipped")).isTrue();
    }

    @Test
    void theFileOfADeadProcessIsReplaced() throws IOException {
        Files.createDirectory(socket.getParent());
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        dead.close();
        assertThat(socket).exists();

        open();

        try (Reader reader = new Reader(socket)) {
            assertThat(reader.next().has("v")).isTrue();
        }
    }

    @Test
    void theFileOfALiveProcessStaysAndIsTriedAgain() throws IOException {
        Files.createDirectory(socket.getParent());
        try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            server.apply(on(250));
            Await.until(() -> events.has("WARN standalone.stats_socket_bind_failed"));
            assertThat(events.lines().getLast()).contains("another process listens on " + socket).contains("stats.socket_path");
            assertThat(live.isOpen()).isTrue();
        }

        Await.until(() -> events.has("INFO standalone.stats_socket_listening"));
        assertThat(events.count("WARN standalone.stats_socket_bind_failed")).isEqualTo(1);
    }

    @Test
    void aFileThatIsNoSocketStays() throws IOException {
        Files.createDirectory(socket.getParent());
        Files.writeString(socket, "precious");

        server.apply(on(250));

        Await.until(() -> events.has("WARN standalone.stats_socket_bind_failed"));
        close();
        assertThat(socket).hasContent("precious");
    }

    @Test
    void aDirectoryThatCannotBeMadeOrAPathTooLongIsReportedAndNothingElseFails() {
        server.apply(new StatsSettings(true, "/proc/none/stats.sock", Optional.empty(), Duration.ofSeconds(1)));
        Await.until(() -> events.has("WARN standalone.stats_socket_bind_failed"));
        assertThat(events.lines().getLast()).contains("the directory /proc/none cannot be made").contains("--no-stats");

        server.apply(new StatsSettings(true, directory.resolve("a".repeat(120)).toString(), Optional.empty(), Duration.ofSeconds(1)));
        Await.until(() -> events.count("WARN standalone.stats_socket_bind_failed") == 2);

        server.apply(new StatsSettings(true, "a\0b", Optional.empty(), Duration.ofSeconds(1)));
        Await.until(() -> events.count("WARN standalone.stats_socket_bind_failed") == 3);
        open();
        assertThat(events.has("ERROR")).isFalse();
    }

    @Test
    void aPathThatNobodyNamedAndThatCannotBeMadeGivesWayToTheStateFolder() throws IOException {
        Path elsewhere = directory.resolve("stats.sock");

        server.apply(new StatsSettings(true, "/proc/none/stats.sock", Optional.of(elsewhere), Duration.ofSeconds(1)));

        Await.until(() -> events.has("WARN standalone.stats_socket_moved"));
        assertThat(events.lines().getLast()).contains("the directory /proc/none cannot be made");
        new Reader(elsewhere).close();
    }

    @Test
    void aSocketThatMovesOrIsTurnedOffLetsItsReadersGo() throws IOException {
        open();
        Path before = socket;

        try (Reader reader = new Reader(before)) {
            assertThat(reader.next().has("v")).isTrue();
            socket = directory.resolve("run/other.sock");
            server.apply(on(250));
            Await.until(() -> events.count("INFO standalone.stats_socket_listening") == 2);
            assertThat(before).doesNotExist();
            while (!reader.ended()) {
                Thread.onSpinWait();
            }
        }
        try (Reader reader = new Reader(socket)) {
            assertThat(reader.next().has("v")).isTrue();
            server.apply(StatsSettings.OFF);
            while (!reader.ended()) {
                Thread.onSpinWait();
            }
        }
        Await.until(() -> !Files.exists(socket));
    }

    @Test
    void aPipeAtThePathStays() throws Exception {
        Files.createDirectory(socket.getParent());
        assertThat(new ProcessBuilder("mkfifo", socket.toString()).start().waitFor()).isZero();

        server.apply(on(250));

        Await.until(() -> events.has("WARN standalone.stats_socket_bind_failed"));
        assertThat(events.lines().getLast()).contains(socket + " is not a socket");
        assertThat(socket).exists();
    }

    @Test
    void theSocketOfAnotherUserStaysWhereThereAreOthers() throws Exception {
        Files.createDirectory(socket.getParent());
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)).close();
        boolean root = Files.getAttribute(socket, "unix:uid").equals(0);
        if (root) {
            Files.setAttribute(socket, "unix:uid", 4242);
        }

        server.apply(on(250));

        Await.until(() -> events.has((root ? "WARN standalone.stats_socket_bind_failed" : "INFO standalone.stats_socket_listening")));
        assertThat(events.has("WARN standalone.stats_socket_bind_failed")).isEqualTo(root);
    }

    @Test
    void somebodyElsesFileAtThePathIsLeftAtTheEnd() throws IOException {
        open();
        Files.delete(socket);
        Files.writeString(socket, "theirs");

        close();

        assertThat(socket).hasContent("theirs");
    }

    @Test
    void trafficOfEachRuleIsReported() {
        close();
        server = server(new StatsServer.Timing(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(50)));
        post = Post.apply(PART, server);

        Await.until(() -> events.count("INFO standalone.stats ") >= 2);
        assertThat(events.has("ERROR")).isFalse();
        assertThat(events.keys("standalone.stats")).startsWith("event", "rule", "rule_name", "in_bytes", "out_bytes", "active_conns",
            "datagrams_in", "datagrams_out", "active_flows");
    }

    @Test
    void anotherVersionOpensTheSocketWhenThisOneHasLeftIt() throws IOException {
        open();
        StatsServer newer = server(FAST);
        newer.apply(on(250));
        try (Post next = Post.apply(new BundlePart(PART.bundle(), "2", PART.part()), newer); Reader reader = new Reader(socket)) {
            reader.next();
            assertThat(next.held()).isFalse();
            assertThat(Post.lacking(PART.bundle(), "2")).isNotEmpty();

            close();

            Await.until(() -> Post.lacking(PART.bundle(), "2").isEmpty());
            try (Reader again = new Reader(socket)) {
                assertThat(again.next().get("v").asInt()).isEqualTo(1);
            }
        } finally {
            newer.close();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aSocketThatCannotBeOpenedIsWhatTheVersionLacks() {
        server.apply(new StatsSettings(true, "/proc/none/stats.sock", Optional.empty(), Duration.ofSeconds(1)));
        Await.until(() -> Post.lacking(PART.bundle(), "1").stream().anyMatch(why -> why.contains("/proc/none")));

        server.apply(StatsSettings.OFF);
        Await.until(() -> Post.lacking(PART.bundle(), "1").isEmpty());
    }
}
