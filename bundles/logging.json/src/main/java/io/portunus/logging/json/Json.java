// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** JSON lines in pure ASCII: whatever a peer chose, a terminal or a parser of lines is not steered by it. Thread-safe. */
final class Json {
    /** RFC 3339 with milliseconds, UTC. */
    static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** REPLACEMENT CHARACTER (Unicode 23.8). */
    private static final int REPLACEMENT = 0xfffd;
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Json() {
    }

    /** One object, written by the consumer, and a newline. */
    static String line(Consumer<JsonGenerator> fields) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            fields.accept(json);
            json.writeEndObject();
        }
        return text.append('\n').toString();
    }

    static void timestamp(JsonGenerator json, Instant when) {
        json.writeStringProperty("timestamp", TIMESTAMP.format(when));
    }

    /** The text with each lone surrogate replaced by U+FFFD: parsers refuse the escape of half a character. */
    static String wellFormed(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        StringBuilder mended = new StringBuilder(text.length());
        text.codePoints().map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c).forEach(mended::appendCodePoint);
        return mended.toString();
    }

    /** A scalar under its Java type; anything else as text. */
    static void value(JsonGenerator json, Object value) {
        switch (value) {
            case Boolean flag -> json.writeBoolean(flag);
            case Double n -> json.writeNumber(n);
            case Float n -> json.writeNumber(n);
            case Number n -> json.writeNumber(n.longValue());
            default -> json.writeString(wellFormed(value.toString()));
        }
    }
}
