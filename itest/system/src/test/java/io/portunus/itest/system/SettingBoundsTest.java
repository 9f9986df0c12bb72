// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bounds of settings that the reference states: what it allows is taken by the file's reader and by the component that it is for, what is
 * beyond is refused with its path.
 */
@Timeout(240)
class SettingBoundsTest {
    private static final Path REFERENCE = Path.of("../../distribution/docs/reference/configuration.md");
    private static final Pattern TABLE = Pattern.compile("## `([a-z_.]+)`");
    /** A row of the reference that gives a number or a time two bounds. */
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| [^|]*?\"?(\\d+)(ms|s|m|h)?\"? to \"?(\\d+)(ms|s|m|h)?\"?(?! bytes)[;.,].*");
    private static final Duration SOON = Duration.ofSeconds(20);

    private final int port = Ports.free();

    /** A key and its bounds, as they are written. */
    private record Bounds(String table, String key, String least, String most) {
        private static String value(String number, String unit) {
            return unit == null ? number : "\"" + number + unit + "\"";
        }

        static Bounds of(String table, Matcher row) {
            return new Bounds(table, row.group(1), value(row.group(2), row.group(3)), value(row.group(4), row.group(5)));
        }

        String line(String value) {
            return key + " = " + value + "\n";
        }

        /** The first that is too great, in the smallest unit. */
        String above() {
            return most.startsWith("\"") ? "\"" + millis(most).plusMillis(1).toMillis() + "ms\"" : Long.toString(Long.parseLong(most) + 1);
        }

        private static Duration millis(String time) {
            String bare = time.replace("\"", "");
            return Duration.parse(bare.endsWith("ms") ? "PT" + Long.parseLong(bare.replace("ms", "")) / 1000 + "S" : "PT" + bare);
        }
    }

    private static List<Bounds> documented() throws IOException {
        List<Bounds> all = new ArrayList<>();
        String table = "";
        for (String line : Files.readAllLines(REFERENCE)) {
            Matcher heading = TABLE.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                table = heading.group(1);
            } else if (row.matches() && List.of("global", "limits", "dns", "stats", "deploy", "access_log").contains(table)) {
                all.add(Bounds.of(table, row));
            }
        }
        return all;
    }

    private String file(List<Bounds> settings, Function<Bounds, String> value, int target) {
        String tables = settings.stream().collect(Collectors.groupingBy(Bounds::table,
            Collectors.mapping(its -> its.line(value.apply(its)), Collectors.joining()))).entrySet().stream()
            .map(table -> "[" + table.getKey() + "]\n" + table.getValue()).collect(Collectors.joining());
        return Rules.plain("by name", port, target).replace("127.0.0.1", "localhost") + tables;
    }

    private boolean forwards() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() == 'x';
        } catch (IOException refused) {
            return false;
        }
    }

    /** A5: the extremes of every key; among them [dns] min_ttl "24h", negative_ttl "0s" and [deploy] max_versions 8. */
    @Test
    void whatTheReferenceAllowsLeavesTheNodeReady(@TempDir Path home) throws IOException {
        List<Bounds> all = documented();
        assertThat(all).extracting(Bounds::key).contains("shutdown_drain_secs", "max_connections", "max_peeks", "max_targets", "timeout", "min_ttl",
            "max_ttl", "stale", "negative_ttl", "max_names", "max_lookups", "refresh_ms", "bake", "max_versions", "keep");
        try (Backend backend = Backend.echo(); Appliance appliance = Appliance.start(home, file(all, Bounds::least, backend.port()))) {
            Await.until("it forwards by name with the least", SOON, this::forwards);
            for (Function<Bounds, String> extreme : Arrays.<Function<Bounds, String>>asList(Bounds::most, Bounds::least, Bounds::most)) {
                appliance.configure(file(all, extreme, backend.port()));
                assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]").doesNotContain("refused");
                Await.until("it forwards by name", SOON, this::forwards);
                Await.until("it is ready", SOON, () -> appliance.get("/readyz").statusCode() == 200);
            }
            for (Bounds one : all) {
                appliance.configure(file(List.of(one), Bounds::above, backend.port()));
                assertThat(appliance.post("/v1/reload").body()).as(one.toString()).contains("\"path\":\"" + one.table() + "." + one.key() + "\"");
            }
            assertThat(appliance.get("/readyz").body()).contains("\"ready\":true", "\"components\"");
            assertThat(appliance.errors()).doesNotContain("component.failed", "Exception", "\tat ");
        }
    }
}
