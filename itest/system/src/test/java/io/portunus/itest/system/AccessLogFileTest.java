// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others do to the file of access records while it is written, and what becomes of records that have no place. */
@Timeout(90)
class AccessLogFileTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Pattern STATUS = Pattern.compile("\"access_records_dropped\":([0-9]+)");
    private static final Pattern METRIC = Pattern.compile("portunus_access_records_dropped_total\\{[^}]*} ([0-9.]+)");

    private final int port = Ports.free();
    private Backend backend;
    private Appliance appliance;
    private Path folder;
    private Path file;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        backend = Backend.naming("first");
        folder = Files.createDirectory(directory.resolve("records"));
        file = folder.resolve("access.log");
        appliance = Appliance.start(directory.resolve("node"), toml("path = \"" + file + "\""));
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        backend.close();
    }

    private String toml(String accessLog) {
        return Rules.plain("web", port, backend.port()) + "[access_log]\n" + accessLog + "\n[global]\nshutdown_drain_secs = 1\n";
    }

    private void connect() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            assertThat(Streams.line(socket.getInputStream())).isEqualTo("first");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path path) {
        try {
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitRecord(Path path) {
        Await.until("a record in " + path, SOON, () -> read(path).endsWith("}\n"));
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? (long) Double.parseDouble(found.group(1)) : -1;
    }

    /** A4. */
    @Test
    void a4RecordsFollowTheNameOfTheFile() throws IOException {
        connect();
        awaitRecord(file);

        Files.move(file, folder.resolve("renamed"));
        connect();
        awaitRecord(file);
        Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        connect();
        awaitRecord(file);
        assertThat(read(file)).startsWith("{");
        Files.delete(file);
        connect();
        awaitRecord(file);
    }

    /** A4. */
    @Test
    void a4HangUpLetsGoOfTheFileAtOnce() throws IOException {
        connect();
        awaitRecord(file);

        Files.move(file, folder.resolve("renamed"));
        appliance.signal("HUP");

        Await.until("the file is there again", SOON, () -> Files.exists(file));
        connect();
        awaitRecord(file);
    }

    /** A7. */
    @Test
    void a7LostRecordsAreOneNumberOnEveryFace() throws IOException {
        connect();
        awaitRecord(file);
        Path aside = folder.resolveSibling("aside");
        Files.move(folder, aside);
        Files.writeString(folder, "a file where the folder should be");

        connect();
        connect();

        Await.until("both are counted", SOON, () -> number(STATUS, appliance.get("/v1/status").body()) == 2);
        assertThat(number(METRIC, appliance.get("/metrics").body())).isEqualTo(2);
        Files.delete(folder);
        connect();
        awaitRecord(file);
        assertThat(number(STATUS, appliance.get("/v1/status").body())).isEqualTo(2);
        assertThat(appliance.errors().lines().filter(l -> l.contains("access_log.failed"))).hasSize(1);
    }

    /** C12. */
    @Test
    void c12FieldsAndPlaceFollowTheFile() {
        Path other = folder.resolve("other.log");

        appliance.configure(toml("path = \"" + other + "\"\nfields = [\"close_reason\", \"rule\"]"));
        appliance.post("/v1/reload");
        connect();

        awaitRecord(other);
        assertThat(read(other)).isEqualTo("{\"close_reason\":\"completed\",\"rule\":\"web\"}\n");
    }
}
