// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void prettyIsTheSentence() {
        say(LogFormat.PRETTY);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("It forwards.");
    }

    @Test
    void jsonIsALineOfTheLog() {
        say(LogFormat.JSON);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("{\"timestamp\":\"2026-01-02T03:04:05.006Z\",\"level\":\"INFO\","
            + "\"fields\":{\"event\":\"standalone.started\",\"message\":\"It forwards.\",\"version\":\"1\"},\"target\":\"portunus\"}");
    }

    private void say(LogFormat format) {
        Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05.006789Z"), ZoneOffset.UTC);
        new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), clock, format)
            .event("info", "standalone.started", "It forwards.", Map.of("version", "1"));
    }
}
