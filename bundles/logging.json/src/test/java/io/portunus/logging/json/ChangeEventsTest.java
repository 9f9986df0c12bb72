// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(20)
class ChangeEventsTest {
    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ChangeEvents events = new ChangeEvents(context);

    @AfterEach
    void stop() {
        context.stop();
    }

    private static Change change(String subject) {
        return new Change(Instant.parse("2026-01-02T03:04:05.678Z"), new Actor("ssh", "ann"), "bundle.upgrade", subject, "0.1.0", "0.1.1", "done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "error", "off"})
    void writesAChangeWhateverTheLevelOfTheLog(String level) {
        LogOutput output = LogOutput.install(context, LogbackLevels.parse(level), LineFormat.of("json"), written);

        events.add(change("flow.tls"));
        output.close();

        JsonNode line = new JsonMapper().readTree(written.toString(UTF_8));
        assertThat(line.get("timestamp").asString()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(line.get("level").asString()).isEqualTo("INFO");
        assertThat(line.get("target").asString()).isEqualTo("changes");
        assertThat(line.get("fields")).isEqualTo(new JsonMapper().readTree("""
            {"event":"change","by":"ssh:ann","what":"bundle.upgrade","subject":"flow.tls","before":"0.1.0","after":"0.1.1","outcome":"done"}"""));
    }

    @Test
    void writesNothingButRemembersWhenItsLoggerIsOff() {
        LogOutput output = LogOutput.install(context, Level.INFO, LineFormat.of("json"), written);
        output.levels().level("changes", "off");

        events.add(change("flow.tls"));
        output.close();

        assertThat(written.size()).isZero();
        assertThat(events.recent()).containsExactly(change("flow.tls"));
    }

    @Test
    void writesOnAfterTheLogWasConfiguredAnew() {
        LogOutput.install(context, Level.WARN, LineFormat.of("json"), new ByteArrayOutputStream()).close();
        LogOutput output = LogOutput.install(context, Level.WARN, LineFormat.of("pretty"), written);

        events.add(change("flow.tls"));
        output.close();

        assertThat(written.toString(UTF_8)).contains("changes change by=ssh:ann what=bundle.upgrade subject=flow.tls").hasLineCount(1);
    }

    @Test
    void keepsTheLastChangesTheNewestFirstAndCutsTheirTexts() {
        for (int i = 0; i <= ChangeLog.MAX_KEPT; i++) {
            events.add(change("b" + i));
        }
        events.add(change("x".repeat(10_000)));

        assertThat(events.recent()).hasSize(ChangeLog.MAX_KEPT).endsWith(change("b2"));
        assertThat(events.recent().getFirst().subject()).hasSize(LogLine.MAX_VALUE);
        assertThat(events.recent().get(1)).isEqualTo(change("b256"));
    }
}
