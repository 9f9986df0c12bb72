// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(20)
class LogOutputTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Logger log = context.getLogger("io.portunus.flow.engine");

    @AfterEach
    void stop() {
        context.stop();
    }

    private LogOutput install(String format) {
        return LogOutput.install(context, Level.INFO, LineFormat.of(format), written);
    }

    private List<String> lines(LogOutput output) {
        output.close();
        return written.toString(UTF_8).lines().toList();
    }

    private JsonNode only(LogOutput output) {
        List<String> lines = lines(output);
        assertThat(lines).hasSize(1);
        return JSON.readTree(lines.get(0));
    }

    @Test
    void writesOneJsonObjectALine() {
        LogOutput output = install("json");

        log.atWarn().addKeyValue("event", "rule.failed").addKeyValue("rule", "web").addKeyValue("port", 443).addKeyValue("last", true)
            .addKeyValue("ratio", 0.5).addKeyValue("nothing", (Object) null).addKeyValue("sni", Optional.of("a.b")).log("port {} is taken", 443);

        JsonNode line = only(output);
        assertThat(line.propertyNames()).containsExactly("timestamp", "level", "fields", "target");
        assertThat(line.get("timestamp").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(line.get("level").asString()).isEqualTo("WARN");
        assertThat(line.get("target").asString()).isEqualTo("io.portunus.flow.engine");
        assertThat(line.get("fields")).isEqualTo(JSON.readTree("""
            {"message":"port 443 is taken","event":"rule.failed","rule":"web","port":443,"last":true,"ratio":0.5,"nothing":null,"sni":"a.b"}"""));
    }

    @Test
    void givesEachLineAnEvent() {
        LogOutput output = install("json");

        log.info("rule.activated");
        log.info("a sentence of a library");

        List<String> lines = lines(output);
        assertThat(JSON.readTree(lines.get(0)).get("fields")).isEqualTo(JSON.readTree("{\"event\":\"rule.activated\"}"));
        assertThat(JSON.readTree(lines.get(1)).get("fields").get("event").asString()).isEqualTo("log.message");
    }

    @Test
    void carriesWhatWasThrown() {
        LogOutput output = install("json");

        log.atError().setCause(new IllegalStateException("outer\nline", new RuntimeException("inner"))).addKeyValue("error", "own").log("x.y");

        JsonNode error = only(output).get("fields").get("error");
        assertThat(error.get("class").asString()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.get("message").asString()).isEqualTo("outer\nline");
        assertThat(error.get("stack").asString()).contains("Caused by: java.lang.RuntimeException: inner").contains("LogOutputTest");
    }

    @Test
    void escapesWhateverAPeerChose() {
        LogOutput output = install("json");
        String hostile = "\"},\n{\"level\":\"error\" \u001b[2J\u0000\u009b\u2028\u202e\ud800 \\ ü 😀";

        log.atInfo().addKeyValue("event", "tls.no_match").addKeyValue(hostile, hostile).log(hostile);

        JsonNode fields = only(output).get("fields");
        String mended = hostile.replace('\ud800', '\ufffd');
        assertThat(fields.get(mended).asString()).isEqualTo(mended);
        assertThat(fields.get("message").asString()).isEqualTo(mended);
        assertThat(written.toString(UTF_8)).matches(Pattern.compile("[ -~]+\n"));
    }

    @Test
    void boundsALine() {
        LogOutput output = install("json");

        log.atInfo().addKeyValue("event", "x.y").addKeyValue("name", "n".repeat(100_000)).log("m".repeat(100_000));

        JsonNode fields = only(output).get("fields");
        assertThat(fields.get("name").asString()).hasSize(LogLine.MAX_VALUE).endsWith("…");
        assertThat(fields.get("message").asString()).hasSize(LogLine.MAX_MESSAGE).endsWith("…");
    }

    @Test
    void survivesAValueWithoutText() {
        LogOutput output = install("json");
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        };

        log.atInfo().addKeyValue("v", broken).log("x.y");

        assertThat(only(output).get("fields").get("v").asString()).contains("has no text");
    }

    @Test
    void writesTextForPeopleWithoutControlCharacters() {
        LogOutput output = install("pretty");

        log.atInfo().addKeyValue("event", "rule.activated").addKeyValue("rule", "web").addKeyValue("name", "a b\n\u001b[31m").log("it listens");

        assertThat(lines(output)).hasSize(1).first().asString().matches(
            "\\S+Z INFO  io\\.portunus\\.flow\\.engine rule\\.activated rule=web name=\"a b\\\\u\\{a}\\\\u\\{1b}\\[31m\" it listens");
    }

    @Test
    void indentsTracesForPeople() {
        LogOutput output = install("pretty");

        log.atError().setCause(new IllegalStateException("first\n2026-01-01T00:00:00.000Z ERROR forged")).log("x.failed");

        assertThat(lines(output)).hasSizeGreaterThan(3).filteredOn(l -> !l.startsWith("    ")).hasSize(1);
    }

    @Test
    void logsNothingBelowItsLevelAndFollowsLevelsAtRunTime() {
        LogOutput output = install("json");

        log.debug("hidden.one");
        output.levels().level("io.portunus.flow", "DEBUG");
        log.debug("shown.one");
        output.levels().level("io.portunus.flow.engine", "off");
        log.error("hidden.two");

        assertThat(output.levels().levels()).containsExactly(java.util.Map.entry("ROOT", "info"),
            java.util.Map.entry("io.portunus.flow", "debug"), java.util.Map.entry("io.portunus.flow.engine", "off"));
        assertThat(lines(output)).hasSize(1).first().asString().contains("shown.one");
    }

    @Test
    void setsTheLevelOfTheRoot() {
        LogOutput output = install("json");

        output.levels().level("ROOT", "trace");
        log.trace("shown.one");

        assertThat(lines(output)).hasSize(1);
    }

    @Test
    void refusesLevelsAndNamesThatDoNotExist() {
        LogOutput output = install("json");

        assertThatThrownBy(() -> output.levels().level("a", "loud")).isInstanceOf(IllegalArgumentException.class)
            .hasMessage("there is no log level 'loud'; use off, error, warn, info, debug or trace");
        assertThatThrownBy(() -> output.levels().level("a\nb", "info")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LineFormat.of("xml")).hasMessage("there is no log format 'xml'; use json or pretty");
        output.close();
    }

    @Test
    void boundsTheLoggersWithALevelOfTheirOwn() {
        LogOutput output = install("json");
        for (int i = 1; i < LogbackLevels.MAX_LEVELS; i++) {
            output.levels().level("l" + i, "info");
        }

        assertThatThrownBy(() -> output.levels().level("another", "info")).isInstanceOf(IllegalArgumentException.class);
        output.levels().level("l1", "debug");
        output.close();
    }

    @Test
    void leavesAPlainConsoleBehind() {
        LogOutput output = install("json");

        output.close();

        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("portunus")).isInstanceOf(ch.qos.logback.core.ConsoleAppender.class);
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void isHandedOnToAnotherVersionWithItsLevelsAndNoLineLostOrWrittenTwice() throws Exception {
        LogOutput older = install("json");
        older.levels().level("io.portunus.flow", "debug");
        AtomicLong count = new AtomicLong();
        AtomicBoolean enough = new AtomicBoolean();
        Thread busy = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                log.atDebug().addKeyValue("number", count.getAndIncrement()).log("x.y");
                LockSupport.parkNanos(50_000);
            }
        });
        ByteArrayOutputStream next = new ByteArrayOutputStream();
        awaitLines(count, 0);

        LogOutput newer = LogOutput.install(context, Level.ERROR, LineFormat.of("json"), next);
        awaitLines(count, count.get());
        older.handOn(Duration.ofSeconds(30));
        enough.set(true);
        busy.join();
        newer.close();

        List<Long> numbers = Stream.concat(written.toString(UTF_8).lines(), next.toString(UTF_8).lines())
            .map(line -> JSON.readTree(line).get("fields").get("number").asLong()).sorted().toList();
        assertThat(next.toString(UTF_8)).isNotEmpty();
        assertThat(numbers).isEqualTo(LongStream.range(0, count.get()).boxed().toList());
    }

    private static void awaitLines(AtomicLong count, long more) {
        while (count.get() < more + 100) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void leavesAPlainConsoleBehindIfTheVersionThatWaitedDoesNotTakeIt() throws Exception {
        LogOutput output = install("json");

        output.handOn(Duration.ofMillis(50));

        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("portunus")).isInstanceOf(ch.qos.logback.core.ConsoleAppender.class);
    }

    @Test
    void refusesAnotherBackEnd() {
        assertThatThrownBy(() -> LogOutput.context(NOPLoggerFactory::new)).isInstanceOf(IllegalStateException.class).hasMessageContaining("logback");
    }
}
