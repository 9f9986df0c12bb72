// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.model.Prelude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(20)
class AccessLogTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> HANDLERS =
        Map.of("io.portunus.flow.tls", "0.1.1", "io.portunus.flow.tcp", "0.1.0", "org.example.x", "1.0.0");

    @TempDir
    private Path folder;

    private static FlowRecord routed(long id, String name) {
        var timings = new FlowRecord.Timings(Optional.of(Duration.ofNanos(1_234_567)), Optional.of(Duration.ZERO), Optional.empty(),
            Duration.ofMillis(61_500));
        return new FlowRecord(id, HANDLERS, "*:443", "192.0.2.1:50000", "", "web", "17",
            new Prelude(Prelude.TLS, Optional.of(name), List.of(), true), "db.example:5432", "10.0.0.1:5432",
            Instant.parse("2026-01-01T00:00:00Z"), 10, 20, timings, CloseReason.UPSTREAM_RESET);
    }

    private static FlowRecord refused() {
        var timings = new FlowRecord.Timings(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofNanos(5_000));
        return new FlowRecord(9, Map.of(), "*:443", "[2001:db8::1]:1", "", "", "", Prelude.NONE, "", "", Instant.EPOCH, 0, 0, timings,
            CloseReason.NOT_TLS);
    }

    /** O1. */
    @Test
    void writesOneObjectAConnection() throws IOException {
        Path file = folder.resolve("state/access.log");
        AccessLog log = new AccessLog(file, AccessFile.MAX_BYTES);

        assertThat(log.offer(routed(7, "a.example"))).isTrue();
        assertThat(log.offer(refused())).isTrue();
        log.close();

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).containsExactly(
            "{\"timestamp\":\"2026-01-01T00:01:01.500Z\",\"flow\":7,\"listener\":\"*:443\",\"peer\":\"192.0.2.1:50000\",\"via\":null,"
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
        assertThat(second.get("handlers").isEmpty()).isTrue();
        assertThat(second.get("ech").asBoolean()).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
    }

    @Test
    void escapesTheNameThatAPeerSent() throws IOException {
        Path file = folder.resolve("access.log");
        AccessLog log = new AccessLog(file, AccessFile.MAX_BYTES);

        log.offer(routed(1, "a\"\n\u001bü"));
        log.close();

        assertThat(Files.readAllLines(file)).hasSize(1);
        assertThat(JSON.readTree(Files.readString(file)).get("sni").asString()).isEqualTo("a\"\n\u001bü");
    }

    @Test
    void keepsFourOldFiles() throws IOException {
        Path path = folder.resolve("access.log");
        AccessFile file = new AccessFile(path, 10);

        for (int i = 0; i < 8; i++) {
            file.append(("line " + i + "\n").getBytes(UTF_8));
        }
        file.close();

        assertThat(folder).isDirectoryNotContaining(p -> p.toString().endsWith(".5"));
        assertThat(Files.readString(path)).isEqualTo("line 7\n");
        assertThat(Files.readString(folder.resolve("access.log.1"))).isEqualTo("line 6\n");
        assertThat(Files.readString(folder.resolve("access.log.4"))).isEqualTo("line 3\n");
    }

    @Test
    void goesOnInTheFileOfTheLastStartAndEndsItsBrokenLine() throws IOException {
        Path path = folder.resolve("access.log");
        Files.writeString(path, "{}\n{\"broken");
        AccessFile file = new AccessFile(path, 1000);

        file.append("{}\n".getBytes(UTF_8));
        file.close();

        assertThat(Files.readAllLines(path)).containsExactly("{}", "{\"broken", "{}");
    }

    @Test
    void triesAgainAfterTheDiskFailed() throws IOException {
        Path blocked = folder.resolve("blocked");
        Files.writeString(blocked, "a file where the folder should be");
        AccessFile file = new AccessFile(blocked.resolve("access.log"), 1000);

        assertThat(failure(file)).isInstanceOf(IOException.class);
        Files.delete(blocked);
        file.append("{}\n".getBytes(UTF_8));
        file.close();

        assertThat(Files.readString(blocked.resolve("access.log"))).isEqualTo("{}\n");
    }

    @Test
    void neitherBlocksNorFailsTheCallerWhenTheDiskFails() throws IOException {
        Path blocked = folder.resolve("blocked");
        Files.writeString(blocked, "a file where the folder should be");
        AccessLog log = new AccessLog(blocked.resolve("access.log"), 1000);

        assertThat(log.offer(refused())).isTrue();
        log.close();

        assertThat(log.offer(refused())).isFalse();
    }

    private static Throwable failure(AccessFile file) {
        return org.assertj.core.api.Assertions.catchThrowable(() -> file.append("{}\n".getBytes(UTF_8)));
    }
}
