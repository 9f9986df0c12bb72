// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TimeBounds;
import io.portunus.node.api.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A setting as its bundle declares it; see {@link Setting} for what each part means. Immutable.
 *
 * @param key as it is written in the file; empty for one that is no key of it
 * @param property as the component gets it
 * @param type of the property: {@code Boolean}, {@code Integer}, {@code Long} or {@code String}
 * @param absent what it is where the file does not say, of what is no list; empty if the file must say
 * @param most most elements of a list; 0 for what is no list
 * @param min least number, milliseconds, bytes
 * @param max greatest
 * @param options what it may be; empty for anything
 * @param sentence what it is
 * @param attributes what {@link Setting} declares, by the names of its members
 */
record DeclaredKey(String key, String property, String type, Optional<String> absent, int most, long min, long max, List<String> options,
        String sentence, Map<String, String> attributes) {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    /** Copies list and map. */
    DeclaredKey {
        options = List.copyOf(options);
        attributes = Map.copyOf(attributes);
    }

    /** The same; where bundles provide what it may be, the kinds that they do are options, besides those it has. */
    DeclaredKey choosingFrom(Map<String, List<String>> provided) {
        List<String> more = provided.getOrDefault(attribute("provided"), List.of());
        return more.isEmpty() ? this : new DeclaredKey(key, property, type, absent, most, min, max,
            Stream.concat(options.stream(), more.stream()).distinct().toList(), sentence, attributes);
    }

    String form() {
        return attribute("form");
    }

    /** Whether a table that is there must have it. */
    boolean required() {
        return absent.isEmpty() && !isList() && written();
    }

    boolean isList() {
        return most > 0;
    }

    boolean isNumber() {
        return form().isEmpty() && (type.equals("Integer") || type.equals("Long"));
    }

    /** Whether the file may have it. */
    boolean written() {
        return !key.isEmpty();
    }

    String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }

    boolean zero() {
        return attribute("zero").equals("true");
    }

    int least() {
        String least = attribute("least");
        return least.isEmpty() ? 0 : Integer.parseInt(least);
    }

    /** A good value as it is written, of a list the whole list. */
    String example() {
        String example = attribute("example");
        if (!example.isEmpty()) {
            return example;
        }
        return isList() ? "[\"" + String.join("\", \"", words().stream().limit(2).toList()) + "\"]" : absent.orElse("");
    }

    TimeBounds times() {
        TimeBounds bounds = TimeBounds.of(time(min), time(max));
        return zero() ? bounds.withZero() : bounds;
    }

    /** The value where the file does not say, as the component gets it. */
    Object value() {
        return isList() ? List.of() : typed(absent.orElse(""));
    }

    private Object typed(String text) {
        return switch (type) {
            case "Boolean" -> Boolean.parseBoolean(text);
            case "Integer" -> text.isEmpty() ? 0 : Integer.parseInt(text);
            case "Long" -> text.isEmpty() ? 0L : Long.parseLong(text);
            default -> text;
        };
    }

    /** A number as the component gets it. */
    Object number(long value) {
        return type.equals("Integer") ? (Object) Math.toIntExact(value) : (Object) value;
    }

    /** The sentence with what else the declaration has: bounds and default. */
    String reference() {
        return sentence + "; " + bounds() + (required() ? "required." : "default " + shown(value()) + ".");
    }

    private String bounds() {
        if (form().equals(Setting.TIME)) {
            return (zero() ? "\"0s\", or " : "") + quoted(time(min)) + " to " + quoted(time(max)) + "; ";
        }
        if (form().equals(Setting.SIZE)) {
            return (zero() ? "\"0\", or " : "") + quoted(ByteCount.text(min)) + " to " + quoted(ByteCount.text(max)) + "; ";
        }
        if (!options.isEmpty()) {
            return String.join(", ", words().subList(0, words().size() - 1)) + " or " + words().getLast() + "; ";
        }
        if (isList()) {
            return "at most " + most + "; ";
        }
        if (form().equals(Setting.TEXT)) {
            return min + " to " + max + " bytes; ";
        }
        return isNumber() ? (zero() ? "0 or " : "") + min + " to " + max + "; " : "";
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** A value as the file would have it. */
    String shown(Object value) {
        return switch (value) {
            case Long millis when form().equals(Setting.TIME) -> time(millis);
            case Long bytes when form().equals(Setting.SIZE) -> ByteCount.text(bytes);
            case List<?> list -> list.isEmpty() ? "none" : list.stream().map(String::valueOf).collect(Collectors.joining(", "));
            case ListenAddress listen -> listen.text();
            case String text -> text.isEmpty() ? "none" : text;
            default -> String.valueOf(value);
        };
    }

    /** The options as the file has them: those of an enumeration in small letters. */
    List<String> words() {
        return options.stream().map(option -> option.toLowerCase(Locale.ROOT)).toList();
    }

    /** One of the words as the component gets it. */
    String option(String word) {
        return options.get(words().indexOf(word));
    }

    /** A time as operators write it. */
    static String time(long millis) {
        if (millis != 0 && millis % HOUR == 0) {
            return millis / HOUR + "h";
        }
        if (millis > MINUTE && millis % MINUTE == 0) {
            return millis / MINUTE + "m";
        }
        return millis % SECOND == 0 ? millis / SECOND + "s" : millis + "ms";
    }
}
