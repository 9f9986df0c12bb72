// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What the launcher itself writes, in the format of the log. Thread-safe. */
final class Console {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Longest wait for who reads standard error. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private final PrintStream err;
    private final Clock clock;
    private final LogFormat format;

    Console(PrintStream err, Clock clock, LogFormat format) {
        this.err = err;
        this.clock = clock;
        this.format = format;
    }

    /**
     * Writes an event: as a sentence, or as a log line with that sentence and its values.
     *
     * @param level level of the log line
     * @param event name of the event
     * @param message the sentence
     * @param values more values of the log line
     */
    void event(String level, String event, String message, Map<String, String> values) {
        if (format == LogFormat.PRETTY) {
            print(message);
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("event", event);
        fields.put("message", message);
        fields.putAll(values);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("level", level.toUpperCase(Locale.ROOT));
        line.put("fields", fields);
        line.put("target", "portunus");
        print(JSON.writeValueAsString(line));
    }

    /** Who reads no more, and lets the pipe fill, must keep the process neither from forwarding nor from ending. */
    private void print(String line) {
        Thread writer = Thread.ofPlatform().name("console").daemon().start(() -> err.println(line));
        try {
            writer.join(PATIENCE.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
