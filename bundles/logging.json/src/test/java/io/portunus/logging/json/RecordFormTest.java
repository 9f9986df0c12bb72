// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.RecordField;
import io.portunus.model.Prelude;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordFormTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final RecordLine line = new RecordLine();

    private String written(RecordForm form, FlowRecord record) {
        return written(form, record, line);
    }

    private static String written(RecordForm form, FlowRecord record, RecordLine its) {
        form.write(record, its);
        return new String(its.bytes(), 0, its.length(), US_ASCII);
    }

    @Test
    void writesTextsAsTheLibraryDoes() {
        Random random = new Random(7);
        String special = "\"\\/\b\f\n\r\t\u0000\u001b\u007f\u0080\u00fc\u2028\ud83d\ude00\ud800\udc00 az09";
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder("x");
            random.ints(1 + random.nextInt(20), 0, special.length()).forEach(at -> text.append(special.charAt(at)));

            line.clear();
            line.string(text);

            String expected = Json.line(json -> json.writeStringProperty("a", Json.wellFormed(text.toString())));
            assertThat("{\"a\":" + new String(line.bytes(), 0, line.length(), US_ASCII) + "}\n").isEqualTo(expected);
        }
    }

    @Test
    void writesTimesAsTheLibraryDoes() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            Instant from = Instant.ofEpochSecond(random.nextLong(0, 253_402_300_800L), random.nextInt(1_000_000_000));
            long after = random.nextLong(0, 1L << random.nextInt(1, 60));

            line.clear();
            line.timestamp(from, after);
            line.raw(' ');
            line.millis(after);

            assertThat(new String(line.bytes(), 0, line.length(), US_ASCII)).isEqualTo("\"" + Json.TIMESTAMP.format(from.plusNanos(after)) + "\" "
                + BigDecimal.valueOf(after / 1000, 3));
        }
    }

    @Test
    void writesNumbersOfSixtyFourBits() {
        for (long value : new long[] {0, 1, -1, 10, Long.MAX_VALUE, Long.MIN_VALUE, -10}) {
            line.clear();
            line.unsigned(value);
            line.number(value);

            assertThat(new String(line.bytes(), 0, line.length(), US_ASCII)).isEqualTo("\"" + Long.toUnsignedString(value) + "\"" + value);
        }
    }

    @Test
    void writesEveryTargetOfARuleThatReachedNone() {
        List<Target> targets = List.of(Target.of(TargetAddress.parse("[2001:db8::1]:1-2")), Target.of(TargetAddress.parse("_db._tcp.example")));
        TestRecord record = new TestRecord(1, List.of(), "*:1", TestRecord.address("[fe80::1]:2"), Optional.of(TestRecord.address("192.0.2.9:4")),
            "web", -1, Prelude.NONE, targets, Optional.empty(), Instant.EPOCH, 0, 0, -1, -1, -1, 0, CloseReason.NO_HANDLER);

        JsonNode read = JSON.readTree(written(RecordForm.whole(), record));

        assertThat(read.get("target").asString()).isEqualTo("[2001:db8::1]:1-2, _db._tcp.example");
        assertThat(read.get("peer").asString()).isEqualTo("[fe80::1]:2");
        assertThat(read.get("via").asString()).isEqualTo("192.0.2.9:4");
        assertThat(read.get("rule_id").asString()).isEqualTo("18446744073709551615");
        assertThat(read.propertyNames())
            .containsExactlyElementsOf(RecordField.codes().stream().filter(code -> !code.matches("(datagrams|held_back)_.*")).toList());
    }

    /** Datagrams are no field of a connection, unless somebody asks for them. */
    @Test
    void writesDatagramsOfConnectionsOnlyWhereTheyAreChosen() {
        assertThat(written(new RecordForm(List.of(RecordField.DATAGRAMS_IN, RecordField.KIND)), TestRecord.routed(1, "a.b")))
            .startsWith("{\"datagrams_in\":0,\"kind\":");
    }

    /** Nothing of limits is said of connections that have none, unless somebody asks. */
    @Test
    void writesHowLongALimitedConnectionWasHeldBack() {
        TestRecord routed = TestRecord.routed(1, "a.b");
        FlowRecord limited = (FlowRecord) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {FlowRecord.class}, (of, method, args) ->
            switch (method.getName()) {
                case "heldBackInNanos" -> 1_234_567L;
                case "heldBackOutNanos" -> 0L;
                default -> method.isDefault() ? InvocationHandler.invokeDefault(of, method, args) : method.invoke(routed, args);
            });

        assertThat(written(RecordForm.whole(), limited)).endsWith("\"ech\":true,\"held_back_in_ms\":1.234,\"held_back_out_ms\":0.000}\n");
        assertThat(written(RecordForm.whole(), routed)).doesNotContain("held_back");
        assertThat(written(new RecordForm(List.of(RecordField.HELD_BACK_OUT_MS)), routed)).isEqualTo("{\"held_back_out_ms\":null}\n");
    }

    @Test
    void writesWhatFlowsHaveInCommonAsIfEachWereTheFirst() {
        List<TestRecord> some = List.of(TestRecord.routed(1, "a.b"), TestRecord.refused(2), TestRecord.routed(3, "x".repeat(600)));
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            TestRecord next = some.get(random.nextInt(some.size()));
            String alone = written(RecordForm.whole(), next, new RecordLine());

            assertThat(written(RecordForm.whole(), next)).isEqualTo(alone);
        }
    }

    /** C12. */
    @Test
    void writesTheFieldsThatWereChosenInTheirOrder() {
        RecordForm form = new RecordForm(List.of(RecordField.CLOSE_REASON, RecordField.PEER, RecordField.BYTES_OUT));

        assertThat(written(form, TestRecord.routed(1, "a.b")))
            .isEqualTo("{\"close_reason\":\"upstream_reset\",\"peer\":\"192.0.2.1:50000\",\"bytes_out\":20}\n");
    }

    @Test
    void lineThatIsTooLongIsNone() {
        RecordRing ring = new RecordRing(256 * 1024);
        RecordForm.whole().write(TestRecord.routed(1, "\u0001".repeat(RecordLine.MAX_BYTES / 6)), ring.line());

        assertThat(ring.line().tooLong()).isTrue();
        assertThat(ring.add()).isFalse();
        RecordForm.whole().write(TestRecord.routed(1, "a.b"), ring.line());
        assertThat(ring.add()).isTrue();
    }

    /**
     * B20: the half of the path that is ours; {@code EngineRecordsTest} has the other. What is left is the bytes of two addresses, of which
     * the JDK gives no view.
     */
    @Test
    void writingARecordMakesNextToNothing() {
        RecordRing ring = new RecordRing(64 * 1024);
        RecordForm form = RecordForm.whole();
        ByteBuffer batch = ByteBuffer.allocateDirect(64 * 1024);
        TestRecord record = TestRecord.routed(7, "a.example");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int count = 20_000;

        record(ring, form, record, batch, 2000);
        long before = threads.getCurrentThreadAllocatedBytes();
        record(ring, form, record, batch, count);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / count;

        assertThat(each).isLessThanOrEqualTo(80);
    }

    private static void record(RecordRing ring, RecordForm form, FlowRecord record, ByteBuffer batch, int times) {
        for (int i = 0; i < times; i++) {
            form.write(record, ring.line());
            if (!ring.add()) {
                throw new AssertionError("the ring is full");
            }
            if (ring.fills()) {
                batch.clear();
                ring.take(batch);
            }
        }
    }
}
