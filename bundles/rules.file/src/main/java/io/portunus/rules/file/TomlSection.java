// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import io.portunus.model.ProblemCode;
import io.portunus.model.Spelling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the file while it is read: values by key, and every problem with its place. A value with a problem reads as absent, so
 * reading goes on. Confined to one thread.
 */
final class TomlSection {
    /** Texts echoed in a sentence are cut here. */
    private static final int MAX_ECHO = 64;

    private final TomlTable table;
    /** Its keys; most questions are for keys that are not there, thousands of times in a large file. */
    private final Set<String> keys;
    private final String path;
    private final Position place;
    private final List<Problem> problems;

    /**
     * A table.
     *
     * @param table its content
     * @param path its path, {@code "rule[2]"}; empty for the top of the file
     * @param place where it begins
     * @param problems takes what is wrong
     */
    TomlSection(TomlTable table, String path, Position place, List<Problem> problems) {
        this.table = table;
        this.keys = table.keySet();
        this.path = path;
        this.place = place;
        this.problems = problems;
    }

    /** The table of a key, empty if there is none or something else is there. */
    Optional<TomlSection> section(String key) {
        return section(key, "a table; write [" + key + "] once and its keys below");
    }

    /** The same, with what to write if something else is there. */
    Optional<TomlSection> section(String key, String wanted) {
        return value(key, TomlTable.class, wanted)
            .map(t -> new TomlSection(t, path(key), placeOf(key), problems));
    }

    /** The n-th table of an array. */
    TomlSection element(TomlArray array, String key, int index) {
        return new TomlSection(array.getTable(index), path(key) + "[" + index + "]", place(array.inputPositionOf(index)), problems);
    }

    /** A text without control characters, at most so many bytes long. */
    Optional<String> text(String key, int minBytes, int maxBytes) {
        Optional<String> text = string(key);
        if (text.isEmpty()) {
            return text;
        }
        int bytes = text.get().getBytes(StandardCharsets.UTF_8).length;
        if (bytes < minBytes || bytes > maxBytes || minBytes > 0 && text.get().isBlank()) {
            problem(ProblemCode.INVALID_VALUE, key, minBytes > 0
                ? "the text is blank or has " + bytes + " bytes; write " + minBytes + " to " + maxBytes
                : "the text has " + bytes + " bytes; write at most " + maxBytes);
            return Optional.empty();
        }
        if (text.get().chars().anyMatch(Character::isISOControl)) {
            problem(ProblemCode.INVALID_VALUE, key, "the text has control characters; write it in one line without them");
            return Optional.empty();
        }
        return text;
    }

    /** Whether the value is a string. */
    boolean isText(String key) {
        return keys.contains(key) && table.get(List.of(key)) instanceof String;
    }

    /** A string. */
    Optional<String> string(String key) {
        return value(key, String.class, "a string in quotes");
    }

    /** One of several words. */
    Optional<String> word(String key, List<String> words) {
        Optional<String> written = string(key);
        if (written.isPresent() && !words.contains(written.get())) {
            problem(ProblemCode.INVALID_VALUE, key, echo(written.get()) + " is none of " + String.join(", ", words)
                + Spelling.nearest(written.get(), words).map(w -> "; did you mean '" + w + "'?").orElse("; write one of them"));
            return Optional.empty();
        }
        return written;
    }

    /** One of several things that are written as words. */
    <T> Optional<T> choice(String key, T[] things, Function<T, String> spelling) {
        Optional<String> word = word(key, Arrays.stream(things).map(spelling).toList());
        return word.flatMap(written -> Arrays.stream(things).filter(thing -> spelling.apply(thing).equals(written)).findFirst());
    }

    /** A time within bounds; one outside them is reported with the code. */
    Optional<Duration> time(String key, TimeBounds bounds, ProblemCode outside) {
        Optional<String> text = value(key, String.class, "a time in quotes, as in \"10s\"");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> time = TimeBounds.parse(text.get());
        if (time.isEmpty()) {
            problem(ProblemCode.INVALID_VALUE, key, echo(text.get()) + " is no time; write a whole number and ms, s, m or h, as in \"10s\"; "
                + bounds + " is allowed");
        } else if (!bounds.contains(time.get())) {
            problem(outside, key, echo(text.get()) + " is outside " + bounds + "; write a time within");
            return Optional.empty();
        }
        return time;
    }

    /** A time within bounds. */
    Optional<Duration> time(String key, TimeBounds bounds) {
        return time(key, bounds, ProblemCode.INVALID_VALUE);
    }

    /**
     * An array of texts, each read by a reader that refuses by an {@link IllegalArgumentException} with a sentence for the operator; absent
     * if one of them cannot be read.
     */
    <T> Optional<List<T>> list(String key, ListShape shape, Function<String, T> reader) {
        Optional<TomlArray> array = value(key, TomlArray.class, "an array, " + shape.example());
        int size = array.map(TomlArray::size).orElse(shape.least());
        if (size < shape.least()) {
            problem(ProblemCode.INVALID_VALUE, key, "the list is empty; write " + shape.example() + ", or remove the key");
        } else if (size > shape.most()) {
            problem(ProblemCode.INVALID_VALUE, key, "the list has " + size + " entries; write at most " + shape.most());
        } else if (array.isPresent()) {
            List<T> read = elements(key, array.get(), shape, reader);
            return Optional.of(read).filter(all -> all.size() == size);
        }
        return Optional.empty();
    }

    private <T> List<T> elements(String key, TomlArray array, ListShape shape, Function<String, T> reader) {
        List<T> read = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            Object value = array.get(i);
            if (!(value instanceof String text)) {
                elementProblem(ProblemCode.WRONG_TYPE, key, array, i, "the value is " + typeOf(value) + "; write texts in quotes, "
                    + shape.example());
                continue;
            }
            try {
                read.add(reader.apply(text));
            } catch (IllegalArgumentException refused) {
                elementProblem(ProblemCode.INVALID_VALUE, key, array, i, TomlRules.sentence(refused));
            }
        }
        return read;
    }

    /** A truth value. */
    Optional<Boolean> flag(String key) {
        return value(key, Boolean.class, "true or false, without quotes");
    }

    /** A whole number within bounds; a number outside them is reported with the code. */
    Optional<Long> number(String key, long min, long max, ProblemCode outside) {
        Optional<Long> number = value(key, Long.class, "a whole number without quotes");
        if (number.isPresent() && (number.get() < min || number.get() > max)) {
            problem(outside, key, number.get() + " is outside " + min + " to " + max + "; write a number within");
            return Optional.empty();
        }
        return number;
    }

    /** The value as the parser has it. */
    Optional<Object> raw(String key) {
        return has(key) ? Optional.ofNullable(table.get(List.of(key))) : Optional.empty();
    }

    /** A value of a type; another type is a problem that says what to write. */
    <T> Optional<T> value(String key, Class<T> type, String wanted) {
        Optional<Object> value = raw(key);
        if (value.isPresent() && !type.isInstance(value.get())) {
            problem(ProblemCode.WRONG_TYPE, key, "the value is " + typeOf(value.get()) + "; write " + wanted);
            return Optional.empty();
        }
        return value.map(type::cast);
    }

    /** Whether the value is a table. */
    boolean isTable(String key) {
        return keys.contains(key) && table.get(List.of(key)) instanceof TomlTable;
    }

    /** Whether there is no key at all. */
    boolean empty() {
        return keys.isEmpty();
    }

    /** Whether the key is there, whatever its value. */
    boolean has(String key) {
        return keys.contains(key);
    }

    /** Reports each key of a table of the file's own that is not built or does not exist. */
    void checkKeys(String schema) {
        checkKeys(schema, List.of());
    }

    /**
     * The same of a table that bundles have keys in.
     *
     * @param declared keys that bundles declare, besides those of the file's own
     */
    void checkKeys(String schema, Collection<String> declared) {
        for (String key : keys) {
            Optional<ConfigKey> known = ConfigKey.find(schema, key);
            if (declared.contains(key)) {
                continue;
            }
            if (known.isEmpty()) {
                unknownKey(schema, key, declared);
            } else if (!known.get().built() && table.get(List.of(key)) instanceof TomlTable content && !content.isEmpty()) {
                new TomlSection(content, path(key), placeOf(key), problems).refuseAll("[" + key + "]");
            } else if (!known.get().built()) {
                problem(ProblemCode.NOT_SUPPORTED_YET, key, "this release does not have '" + key + "' yet; remove it");
            }
        }
    }

    private void unknownKey(String schema, String key, Collection<String> declared) {
        List<String> words = Stream.concat(ConfigKey.builtKeys(schema).stream().map(ConfigKey::key), declared.stream()).distinct().toList();
        String where = schema.isEmpty() ? "at the top of the file" : "in [" + schema + "]";
        problem(ProblemCode.UNKNOWN_KEY, key, "there is no key " + echo(key) + " " + where
            + Spelling.nearest(key, words).map(w -> "; did you mean '" + w + "'?").orElse("; remove it, or use one of "
                + String.join(", ", words)));
    }

    /** Reports every key as one of a table that is not built. */
    private void refuseAll(String feature) {
        keys.forEach(key -> problem(ProblemCode.NOT_SUPPORTED_YET, key, "this release does not have " + feature + " yet; remove it"));
    }

    /** Reports a key; at its place, or at the table's if the key is absent. */
    void problem(ProblemCode code, String key, String text) {
        report(code, path(key), text, placeOf(key));
    }

    /** Reports an element of a key's array. */
    void elementProblem(ProblemCode code, String key, TomlArray array, int index, String text) {
        report(code, path(key) + "[" + index + "]", text, place(array.inputPositionOf(index)));
    }

    /** Reports what is below this table by its path, {@code "targets[1].host"}, at the deepest place of it that the file has. */
    void problemBelow(ProblemCode code, String below, String text) {
        Position deepest = place;
        Object here = table;
        for (String step : below.split("[.\\[]")) {
            if (here instanceof TomlTable in && in.keySet().contains(step)) {
                deepest = place(in.inputPositionOf(List.of(step)));
                here = in.get(List.of(step));
            } else if (here instanceof TomlArray in && step.endsWith("]")) {
                int index = Integer.parseInt(step.substring(0, step.length() - 1));
                deepest = place(in.inputPositionOf(index));
                here = in.get(index);
            } else {
                break;
            }
        }
        report(code, path + "." + below, text, deepest);
    }

    /** Everything found so far, in the whole file. */
    List<Problem> problems() {
        return problems;
    }

    private void report(ProblemCode code, String at, String text, Position position) {
        problems.add(Problem.of(code, at, text).at(position));
    }

    /** Where the key stands; where the table begins, if the key is absent. */
    Position placeOf(String key) {
        return has(key) ? place(table.inputPositionOf(List.of(key))) : place;
    }

    /** The first of the keys that is there, or the first. */
    String presentOf(String first, String second) {
        return !has(first) && has(second) ? second : first;
    }

    private String path(String key) {
        String shown = key.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-') && !key.isEmpty() ? key : echo(key);
        return path.isEmpty() ? shown : path + "." + shown;
    }

    private static Position place(TomlPosition position) {
        return new Position(position.line(), position.column());
    }

    /** The text in quotes, cut to a length that a sentence bears. */
    static String echo(String text) {
        return "'" + (text.length() > MAX_ECHO ? text.substring(0, MAX_ECHO) + "…" : text) + "'";
    }

    /** What kind of value it is, with an article. */
    static String typeOf(Object value) {
        return switch (value) {
            case String text -> "a string";
            case Long number -> "a whole number";
            case Double number -> "a number with a fraction";
            case Boolean flag -> "a truth value";
            case TomlArray array -> "an array";
            case TomlTable table -> "a table";
            default -> "a date or time";
        };
    }
}
