// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Wrong values, but of [admin] and of the top: each is refused with its path, its place and a remedy, and nothing that runs changes. */
@Timeout(240)
class BadValuesTest {
    private static final String LINE_END = " ;; ";
    private static final String WITHOUT_TARGET = "!";

    private final int port = Ports.free();

    /**
     * A file that is wrong in one thing.
     *
     * @param path where
     * @param code how
     * @param added what is added to a good rule
     */
    private record BadValue(String path, String code, String added) {
        String toml() {
            boolean without = added.startsWith(WITHOUT_TARGET);
            String rule = "[[rule]]\nname = \"bad\"\nlisten_port = 9\n" + (without ? "" : "target = \"127.0.0.1:9\"\n");
            return rule + added.substring(without ? 1 : 0).replace(LINE_END, "\n");
        }
    }

    private static List<BadValue> badValues() throws IOException {
        try (InputStream rows = Objects.requireNonNull(BadValuesTest.class.getResourceAsStream("bad-values.txt"))) {
            return new String(rows.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#"))
                .map(l -> l.split(" \\| ", 3)).map(cells -> new BadValue(cells[0], cells[1], cells[2])).toList();
        }
    }

    @Test
    void eachIsRefusedWithItsPathAndARemedyAndNothingThatRunsChanges(@TempDir Path home) throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Backend backend = Backend.echo(); Appliance appliance = Appliance.start(home, Rules.plain("good", port, backend.port()));
                Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open.setSoTimeout(10_000);
            exchange(open);
            String rules = appliance.get("/v1/rules").body();

            for (BadValue bad : badValues()) {
                appliance.configure(bad.toml());
                HttpResponse<String> answer = appliance.post("/v1/reload");
                if (answer.statusCode() != 422 || !reports(answer.body(), bad)) {
                    wrong.add(bad + ": " + answer.body());
                }
                exchange(open);
            }

            assertThat(wrong).isEmpty();
            assertThat(appliance.get("/v1/rules").body()).isEqualTo(rules);
            assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(appliance.errors()).doesNotContain("Exception");
            appliance.configure("# good again\n" + Rules.plain("good", port, backend.port()));
            Await.until("the good file is taken", Duration.ofSeconds(10), () -> appliance.post("/v1/reload").body().contains("\"unchanged\""));
        }
    }

    /** A problem has its path, its code and its place, and a sentence of what is wrong and what to do. */
    private static boolean reports(String body, BadValue bad) {
        for (JsonNode problem : JsonMapper.shared().readTree(body).get("problems")) {
            String message = problem.get("message").asString();
            boolean remedy = message.contains("; ") || message.contains("mend");
            if (problem.get("path").asString().equals(bad.path()) && problem.get("code").asString().equals(bad.code()) && remedy
                && problem.at("/position/line").asInt() > 0) {
                return true;
            }
        }
        return false;
    }

    private static void exchange(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('x');
    }
}
