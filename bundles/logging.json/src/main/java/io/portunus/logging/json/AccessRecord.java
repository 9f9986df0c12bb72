// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.FlowRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** An ended flow as one JSON line; what was not reached or not known is null. */
final class AccessRecord {
    private static final int MICROSECOND_SCALE = 3;
    private static final String PREFIX = "io.portunus.";

    private AccessRecord() {
    }

    /** The line; its timestamp is the end of the flow. */
    static String render(FlowRecord flow) {
        FlowRecord.Timings timings = flow.timings();
        return Json.line(json -> {
            Json.timestamp(json, flow.openedAt().plus(timings.total()));
            json.writeNumberProperty("flow", flow.id());
            text(json, "listener", flow.listener());
            text(json, "peer", flow.peer());
            text(json, "via", flow.via());
            text(json, "rule", flow.rule());
            text(json, "rule_id", flow.ruleId());
            text(json, "sni", flow.serverName().orElse(""));
            text(json, "target", flow.target());
            text(json, "endpoint", flow.endpoint());
            json.writeNumberProperty("bytes_in", flow.bytesIn());
            json.writeNumberProperty("bytes_out", flow.bytesOut());
            millis(json, "peek_ms", timings.peek());
            millis(json, "connect_ms", timings.connect());
            millis(json, "first_byte_ms", timings.firstByte());
            millis(json, "total_ms", Optional.of(timings.total()));
            json.writeStringProperty("close_reason", flow.reason().code());
            json.writeStringProperty("closed_by", flow.reason().by().code());
            handlers(json, flow.handlers());
            text(json, "kind", flow.prelude().kind());
            json.writeBooleanProperty("ech", flow.prelude().echOffered());
        });
    }

    /** Versions by symbolic name, ours without the prefix that all of them have; sorted, so that equal flows give equal lines. */
    private static void handlers(JsonGenerator json, Map<String, String> handlers) {
        json.writeObjectPropertyStart("handlers");
        new TreeMap<>(handlers).forEach((name, version) ->
            json.writeStringProperty(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name, version));
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, String value) {
        if (value.isEmpty()) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, Json.wellFormed(value));
        }
    }

    /** Milliseconds with three decimals, which are microseconds. */
    private static void millis(JsonGenerator json, String name, Optional<Duration> time) {
        time.ifPresentOrElse(t -> json.writeNumberProperty(name, BigDecimal.valueOf(t.toNanos() / 1000, MICROSECOND_SCALE)),
            () -> json.writeNullProperty(name));
    }
}
