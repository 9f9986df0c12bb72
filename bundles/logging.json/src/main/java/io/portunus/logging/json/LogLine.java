// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A log event as it will be written: bounded, and independent of objects that may change. Immutable.
 *
 * @param timestamp when
 * @param level in upper case
 * @param target name of the logger
 * @param event stable code of what happened
 * @param message sentence, may be empty
 * @param values its key-values; a value is a String, a Number, a Boolean, or absent
 * @param failure what was thrown
 */
record LogLine(Instant timestamp, String level, String target, String event, String message, Map<String, Optional<Object>> values,
        Optional<Failure> failure) {
    /** Event of lines whose author gave none, such as those of libraries. */
    static final String NO_EVENT = "log.message";
    /** Longest message, in characters; what is longer is cut. */
    static final int MAX_MESSAGE = 8 * 1024;
    /** Longest name of a logger, key or event, in characters. */
    static final int MAX_NAME = 256;
    /** Longest value, in characters. */
    static final int MAX_VALUE = 2 * 1024;
    /** Most key-values; those beyond are left out. */
    static final int MAX_VALUES = 64;
    /** Longest stack trace, in characters. */
    static final int MAX_STACK = 16 * 1024;
    private static final String EVENT = "event";
    /** A message that is a code and no sentence is the event. */
    private static final Pattern CODE = Pattern.compile("[a-z0-9_]{1,64}(\\.[a-z0-9_]{1,64}){1,7}");

    LogLine {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * What was thrown.
     *
     * @param type its class
     * @param message its message, may be empty
     * @param stack its trace with causes
     */
    record Failure(String type, String message, String stack) {
    }

    /** Copies an event of logback. */
    static LogLine of(ILoggingEvent event) {
        Map<String, Optional<Object>> values = values(event);
        String message = cut(Objects.requireNonNullElse(event.getFormattedMessage(), ""), MAX_MESSAGE);
        String code = Optional.ofNullable(values.remove(EVENT)).flatMap(v -> v).map(v -> cut(v.toString(), MAX_NAME)).orElse("");
        if (code.isEmpty() && message.length() <= MAX_NAME && CODE.matcher(message).matches()) {
            code = message;
            message = "";
        }
        return new LogLine(event.getInstant(), event.getLevel().toString().toUpperCase(Locale.ROOT), cut(event.getLoggerName(), MAX_NAME),
            code.isEmpty() ? NO_EVENT : code, message.equals(code) ? "" : message, values, failure(event.getThrowableProxy()));
    }

    /** A line about the log itself. */
    static LogLine ofDropped(Instant now, long lost) {
        return new LogLine(now, "WARN", LogLine.class.getPackageName(), "log.dropped",
            "log lines were dropped, because more were logged than could be written", Map.of("dropped", Optional.of(lost)), Optional.empty());
    }

    private static Map<String, Optional<Object>> values(ILoggingEvent event) {
        Map<String, Optional<Object>> values = new LinkedHashMap<>();
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                if (values.size() < MAX_VALUES) {
                    values.put(cut(String.valueOf(pair.key), MAX_NAME), value(pair.value));
                }
            }
        }
        return values;
    }

    private static Optional<Object> value(@Nullable Object value) {
        return switch (value) {
            case null -> Optional.empty();
            case Optional<?> optional -> optional.flatMap(LogLine::value);
            case Boolean flag -> Optional.of(flag);
            case Byte n -> Optional.of(n);
            case Short n -> Optional.of(n);
            case Integer n -> Optional.of(n);
            case Long n -> Optional.of(n);
            case Double n when Double.isFinite(n) -> Optional.of(n);
            case Float n when Float.isFinite(n) -> Optional.of(n);
            default -> Optional.of(cut(text(value), MAX_VALUE));
        };
    }

    /** An object whose toString fails must not break the caller that logs it. */
    private static String text(Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException broken) {
            return "(" + value.getClass().getName() + " has no text: " + broken.getClass().getName() + ")";
        }
    }

    private static Optional<Failure> failure(@Nullable IThrowableProxy thrown) {
        if (thrown == null) {
            return Optional.empty();
        }
        String message = thrown.getMessage();
        return Optional.of(new Failure(cut(thrown.getClassName(), MAX_NAME), message == null ? "" : cut(message, MAX_VALUE),
            cut(ThrowableProxyUtil.asString(thrown), MAX_STACK)));
    }

    /** The text, or as much of it as fits with an ellipsis. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        // A surrogate pair is not cut in two.
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }
}
