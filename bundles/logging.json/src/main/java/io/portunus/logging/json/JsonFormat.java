// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * One JSON object a line: timestamp, level, fields with the message, the event and the key-values, and target: the predecessor's shape.
 * Immutable.
 */
final class JsonFormat implements LineFormat {
    @Override
    public String render(LogLine line) {
        return Json.line(json -> {
            Json.timestamp(json, line.timestamp());
            json.writeStringProperty("level", line.level());
            json.writeObjectPropertyStart("fields");
            fields(line).forEach((key, value) -> {
                json.writeName(Json.wellFormed(key));
                value.ifPresentOrElse(v -> Json.value(json, v), json::writeNull);
            });
            line.failure().ifPresent(f -> failure(json, f));
            json.writeEndObject();
            json.writeStringProperty("target", Json.wellFormed(line.target()));
        });
    }

    /** No key twice: a key-value named like a field of ours takes its place, but the error's. */
    private static Map<String, Optional<Object>> fields(LogLine line) {
        Map<String, Optional<Object>> fields = new LinkedHashMap<>();
        if (!line.message().isEmpty()) {
            fields.put("message", Optional.of(line.message()));
        }
        fields.put("event", Optional.of(line.event()));
        fields.putAll(line.values());
        if (line.failure().isPresent()) {
            fields.remove("error");
        }
        return fields;
    }

    private static void failure(JsonGenerator json, LogLine.Failure failure) {
        json.writeObjectPropertyStart("error");
        json.writeStringProperty("class", failure.type());
        json.writeStringProperty("message", Json.wellFormed(failure.message()));
        json.writeStringProperty("stack", Json.wellFormed(failure.stack()));
        json.writeEndObject();
    }
}
