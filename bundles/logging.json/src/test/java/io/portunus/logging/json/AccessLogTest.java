// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.RecordField;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class AccessLogTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final RecordForm NUMBERS = new RecordForm(List.of(RecordField.FLOW_ID));

    private final AccessLog log = AccessLog.start(AccessLog.RING_BYTES);

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        log.close();
    }

    private AccessOutput file(String name) {
        return new AccessFile(new AccessFile.Place(folder.resolve(name), false, 0, 0));
    }

    /** What the test lets through, or not. Written by the writer's thread; read once that has ended. */
    private static final class Gate implements WritableByteChannel {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final StringBuilder written = new StringBuilder();
        int room = Integer.MAX_VALUE;

        @Override
        public int write(ByteBuffer src) throws IOException {
            inside.countDown();
            try {
                open.await();
            } catch (InterruptedException given) {
                Thread.currentThread().interrupt();
                throw new IOException(given);
            }
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            byte[] some = new byte[Math.min(room, src.remaining())];
            src.get(some);
            written.append(new String(some, US_ASCII));
            room -= some.length;
            return some.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
        }
    }

    /** O1. */
    @Test
    void whatComesBeforeItMayBeginWaits() throws Exception {
        AccessLog waiting = AccessLog.waiting(AccessLog.RING_BYTES);
        waiting.write(NUMBERS, file("access.log"));
        waiting.take(TestRecord.refused(1));
        log.write(NUMBERS, file("access.log"));
        log.take(TestRecord.refused(0));
        log.close();

        waiting.begin();
        waiting.take(TestRecord.refused(2));
        waiting.close();

        assertThat(Files.readString(folder.resolve("access.log"))).isEqualTo("{\"flow_id\":0}\n{\"flow_id\":1}\n{\"flow_id\":2}\n");
        assertThat(waiting.dropped()).isZero();
    }

    @Test
    void writesOneObjectAConnection() throws IOException {
        Path file = folder.resolve("state/access.log");
        log.write(RecordForm.whole(), file("state/access.log"));

        log.take(TestRecord.routed(7, "a.example"));
        log.take(TestRecord.refused(9));
        log.close();

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).containsExactly(
            "{\"timestamp\":\"2026-01-01T00:01:01.500Z\",\"flow_id\":7,\"listener\":\"*:443\",\"peer\":\"192.0.2.1:50000\",\"via\":null,"
                + "\"rule\":\"web\",\"rule_id\":\"17\",\"sni\":\"a.example\",\"target\":\"db.example:5432\","
                + "\"endpoint\":\"10.0.0.1:5432\",\"bytes_in\":10,"
                + "\"bytes_out\":20,\"peek_ms\":1.234,\"connect_ms\":0.000,\"first_byte_ms\":null,\"total_ms\":61500.000,"
                + "\"close_reason\":\"upstream_reset\",\"closed_by\":\"upstream\","
                + "\"handlers\":{\"flow.tcp\":\"0.1.0\",\"flow.tls\":\"0.1.1\",\"org.example.x\":\"1.0.0\"},\"kind\":\"tls\",\"ech\":true}",
            lines.get(1));
        JsonNode second = JSON.readTree(lines.get(1));
        assertThat(second.get("total_ms").asDouble()).isEqualTo(0.005);
        assertThat(second.get("sni").isNull()).isTrue();
        assertThat(second.get("rule").isNull()).isTrue();
        assertThat(second.get("rule_id").isNull()).isTrue();
        assertThat(second.get("handlers").isEmpty()).isTrue();
        assertThat(second.get("ech").asBoolean()).isFalse();
        // The umask may take more away.
        assertThat(PosixFilePermissions.fromString("rw-r-----")).containsAll(Files.getPosixFilePermissions(file));
    }

    @Test
    void escapesTheNameThatAPeerSent() throws IOException {
        log.write(RecordForm.whole(), file("access.log"));

        log.take(TestRecord.routed(1, "a\"\n\u001bü"));
        log.close();

        Path file = folder.resolve("access.log");
        assertThat(Files.readAllLines(file)).hasSize(1);
        assertThat(JSON.readTree(Files.readString(file)).get("sni").asString()).isEqualTo("a\"\n\u001bü");
    }

    /** A7. */
    @Test
    void countsOnceWhateverIsLost() throws IOException {
        Path blocked = folder.resolve("blocked");
        Files.writeString(blocked, "a file where the folder should be");
        log.write(RecordForm.whole(), file("blocked/access.log"));

        log.take(TestRecord.refused(1));
        log.take(TestRecord.refused(2));
        log.close();
        log.take(TestRecord.refused(3));

        assertThat(log.dropped()).isEqualTo(3);
    }

    /** A7. */
    @Test
    void countsTheLinesThatADiskHadNoRoomFor() {
        Gate disk = new Gate();
        disk.room = 31;
        disk.open.countDown();
        log.write(NUMBERS, new AccessStream(disk));

        for (int i = 1; i <= 5; i++) {
            log.take(TestRecord.refused(i));
        }
        log.close();

        assertThat(disk.written).startsWith("{\"flow_id\":1}\n{\"flow_id\":2}\n");
        assertThat(log.dropped()).isEqualTo(3);
    }

    /** B20: a writer that is stuck costs records, not memory nor time of the loop. */
    @Test
    void dropsWhatARingHasNoRoomFor() throws InterruptedException {
        Gate stuck = new Gate();
        log.write(NUMBERS, new AccessStream(stuck));
        log.take(TestRecord.refused(0));
        stuck.inside.await();
        int many = AccessLog.RING_BYTES / 10;

        for (int i = 1; i <= many; i++) {
            log.take(TestRecord.refused(i));
        }
        long dropped = log.dropped();
        stuck.open.countDown();
        log.close();

        assertThat(dropped).isPositive().isLessThan(many);
        assertThat(stuck.written.toString().lines().count()).isEqualTo(1 + many - dropped);
        assertThat(log.dropped()).isEqualTo(dropped);
    }

    /** B20. */
    @Test
    void keepsTheOrderOfEachOfManyThreads() throws InterruptedException, IOException {
        log.write(NUMBERS, file("access.log"));
        List<Thread> threads = new ArrayList<>();
        int each = 20_000;
        for (int thread = 0; thread < 3; thread++) {
            long first = thread * 1_000_000L;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    log.take(TestRecord.refused(first + i));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();

        List<Long> flows = Files.readAllLines(folder.resolve("access.log")).stream().map(l -> JSON.readTree(l).get("flow_id").asLong()).toList();
        assertThat(flows.size() + log.dropped()).isEqualTo(3L * each);
        for (int thread = 0; thread < 3; thread++) {
            int its = thread;
            assertThat(flows.stream().filter(f -> f / 1_000_000 == its)).isSorted().doesNotHaveDuplicates();
        }
    }

    /** C12. */
    @Test
    void goesOnElsewhereOrNotAtAll() throws IOException {
        log.write(NUMBERS, file("one"));
        log.take(TestRecord.refused(1));
        log.write(RecordForm.whole(), file("two"));
        log.take(TestRecord.refused(2));
        log.off();
        log.take(TestRecord.refused(3));
        log.write(NUMBERS, file("three"));
        log.take(TestRecord.refused(4));
        log.close();

        List<String> all = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            if (Files.exists(folder.resolve(name))) {
                Files.readAllLines(folder.resolve(name)).forEach(l -> all.add(String.valueOf(JSON.readTree(l).get("flow_id").asLong())));
            }
        }
        assertThat(all).contains("4").doesNotContain("3");
        assertThat(all.size() + log.dropped()).isEqualTo(3);
    }

    /** C12: RFC 5424 in a datagram of RFC 5426. */
    @Test
    void sendsMessagesOfSyslog() throws IOException {
        try (DatagramChannel collector = DatagramChannel.open()) {
            collector.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            log.write(NUMBERS, new AccessSyslog((InetSocketAddress) collector.getLocalAddress(),
                InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z"))));

            log.take(TestRecord.refused(1));
            log.take(TestRecord.refused(2));

            assertThat(received(collector)).matches("<134>1 2026-01-02T03:04:05\\.678Z [!-~]+ portunus [0-9]+ access - \\{\"flow_id\":1\\}");
            assertThat(received(collector)).endsWith("{\"flow_id\":2}");
        }
    }

    private static String received(DatagramChannel collector) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(2048);
        collector.receive(message);
        return new String(message.array(), 0, message.position(), US_ASCII);
    }
}
