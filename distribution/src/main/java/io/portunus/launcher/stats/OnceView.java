// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.stats;

import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints one JSON object: the fields of the daemon's hello and snapshot, with {@code rules} in place of the snapshot's {@code r}, each rule with its
 * counters. Stateless.
 */
final class OnceView {
    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private final Path socket;
    private final Duration patience;

    OnceView(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /** Whether it could be printed; if not, a sentence went to {@code err}. */
    boolean print(PrintStream out, PrintStream err) {
        FutureTask<String> reading = new FutureTask<>(this::read);
        Thread.ofVirtual().name("stats-once").start(reading);
        try {
            out.println(reading.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            return true;
        } catch (ExecutionException e) {
            err.println(StatsClient.complaint(socket, e.getCause() instanceof IOException known ? known : new IOException(e)));
        } catch (TimeoutException e) {
            reading.cancel(true);
            err.println(StatsClient.complaint(socket, new IOException("no snapshot came within " + patience.toSeconds() + " s")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private String read() throws IOException {
        try (StatsClient client = StatsClient.connect(socket)) {
            Optional<JsonNode> hello = Optional.empty();
            while (true) {
                JsonNode line = Message.tree(client.line());
                if (line.has("v")) {
                    hello = Optional.of(line);
                } else if (hello.isPresent()) {
                    return JSON.writeValueAsString(merged(hello.get(), line));
                }
            }
        }
    }

    /** One object of both. */
    static ObjectNode merged(JsonNode hello, JsonNode snapshot) {
        ObjectNode whole = JSON.createObjectNode();
        hello.propertyStream().filter(field -> !field.getKey().equals("rules")).forEach(field -> whole.set(field.getKey(), field.getValue()));
        snapshot.propertyStream().filter(field -> !field.getKey().equals("r")).forEach(field -> whole.set(field.getKey(), field.getValue()));
        Map<BigInteger, JsonNode> counts = new HashMap<>();
        snapshot.path("r").forEach(rule -> counts.put(rule.path("id").asBigInteger(BigInteger.ZERO), rule));
        ArrayNode rules = whole.putArray("rules");
        hello.path("rules").forEach(rule -> {
            ObjectNode both = rules.addObject();
            rule.propertyStream().forEach(field -> both.set(field.getKey(), field.getValue()));
            Optional.ofNullable(counts.get(rule.path("id").asBigInteger(BigInteger.ZERO)))
                .ifPresent(found -> found.propertyStream().forEach(field -> both.set(field.getKey(), field.getValue())));
        });
        return whole;
    }
}
