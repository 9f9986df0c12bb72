// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.IpLiterals;
import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import io.portunus.model.ProblemCode;
import io.portunus.model.Spelling;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One table of the file while it is read: values by key, and every problem with its place. A value with a problem is reported and reads as
 * absent, so reading goes on, and all problems are found at once. Confined to one thread.
 */
public final class TomlSection {
    /** A key of a feature that this release does not have. */
    public static final ProblemCode NOT_SUPPORTED_YET = new ProblemCode("not_supported_yet", "This release does not have the feature yet.");
    /** Texts echoed in a sentence are cut here. */
    private static final int MAX_ECHO = 64;

    private final TomlTable table;
    /** Its keys; most questions are for keys that are not there, thousands of times in a large file. */
    private final Set<String> keys;
    private final String path;
    private final Position place;
    private final TableKeys known;
    private final List<Problem> problems;

    /**
     * A table.
     *
     * @param table its content
     * @param path its path, {@code "rule[2]"}; empty for the top of the file
     * @param place where it begins
     * @param known keys that the file may have
     * @param problems takes what is wrong
     */
    private TomlSection(TomlTable table, String path, Position place, TableKeys known, List<Problem> problems) {
        this.table = table;
        this.keys = table.keys();
        this.path = path;
        this.place = place;
        this.known = known;
        this.problems = problems;
    }

    /**
     * The top of a file.
     *
     * @param file its content
     * @param known keys that it may have
     * @param problems takes what is wrong, in the whole file
     */
    public static TomlSection top(TomlTable file, TableKeys known, List<Problem> problems) {
        return new TomlSection(file, "", new Position(1, 1), known, problems);
    }

    /** The table of a key, empty if there is none or something else is there. */
    public Optional<TomlSection> section(String key) {
        return section(key, "a table; write [" + key + "] once and its keys below");
    }

    /** The same, with what to write if something else is there. */
    public Optional<TomlSection> section(String key, String wanted) {
        return value(key, TomlTable.class, wanted)
            .map(t -> new TomlSection(t, path(key), placeOf(key), known, problems));
    }

    /**
     * A table of an array, from 0.
     *
     * @throws IllegalArgumentException if another value is there
     */
    public TomlSection element(TomlArray array, String key, int index) {
        if (!(array.get(index) instanceof TomlTable element)) {
            throw new IllegalArgumentException("element " + index + " is " + typeOf(array.get(index)));
        }
        return new TomlSection(element, path(key) + "[" + index + "]", array.place(index), known, problems);
    }

    /** A text without control characters, at most so many bytes long. */
    public Optional<String> text(String key, int minBytes, int maxBytes) {
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
    public boolean isText(String key) {
        return keys.contains(key) && table.value(key).filter(String.class::isInstance).isPresent();
    }

    /** A string. */
    public Optional<String> string(String key) {
        return value(key, String.class, "a string in quotes");
    }

    /** One of several words. */
    public Optional<String> word(String key, List<String> words) {
        Optional<String> written = string(key);
        if (written.isPresent() && !words.contains(written.get())) {
            problem(ProblemCode.INVALID_VALUE, key, echo(written.get()) + " is none of " + String.join(", ", words)
                + Spelling.nearest(written.get(), words).map(w -> "; did you mean '" + w + "'?").orElse("; write one of them"));
            return Optional.empty();
        }
        return written;
    }

    /** One of several things that are written as words. */
    public <T> Optional<T> choice(String key, T[] things, Function<T, String> spelling) {
        Optional<String> word = word(key, Arrays.stream(things).map(spelling).toList());
        return word.flatMap(written -> Arrays.stream(things).filter(thing -> spelling.apply(thing).equals(written)).findFirst());
    }

    /** A time within bounds; one outside them is reported with the code. */
    public Optional<Duration> time(String key, TimeBounds bounds, ProblemCode outside) {
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
    public Optional<Duration> time(String key, TimeBounds bounds) {
        return time(key, bounds, ProblemCode.INVALID_VALUE);
    }

    /**
     * An array of texts, each read by a reader that refuses by an {@link IllegalArgumentException} with a sentence for the operator; absent
     * if one of them cannot be read.
     */
    public <T> Optional<List<T>> list(String key, ListShape shape, Function<String, T> reader) {
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
                elementProblem(ProblemCode.INVALID_VALUE, key, array, i, TomlForms.sentence(refused));
            }
        }
        return read;
    }

    /** A truth value. */
    public Optional<Boolean> flag(String key) {
        return value(key, Boolean.class, "true or false, without quotes");
    }

    /** Reads {@code dual_stack}, which goes with {@code ::}, or, of a rule, with no address at all: whether IPv4 clients are taken, too. */
    public boolean dualStack(Optional<InetAddress> address) {
        Optional<Boolean> dual = flag("dual_stack");
        boolean six = address.filter(a -> a instanceof Inet6Address && a.isAnyLocalAddress()).isPresent();
        if (dual.isPresent() && address.isPresent() && !six) {
            problem(ProblemCode.CONFLICTING_KEYS, "dual_stack", IpLiterals.text(address.get()) + " has clients of one family only; remove"
                + " dual_stack, or listen on :: with dual_stack = true for both");
        } else if (dual.isPresent() && !dual.get() && !has("bind") && address.isEmpty()) {
            problem(ProblemCode.CONFLICTING_KEYS, "dual_stack", "without bind clients of both families are taken; write bind = \"0.0.0.0\" or"
                + " \"::\" for one of them, or remove dual_stack");
        }
        return six && dual.orElse(false);
    }

    /** A whole number within bounds; a number outside them is reported with the code. */
    public Optional<Long> number(String key, long min, long max, ProblemCode outside) {
        Optional<Long> number = value(key, Long.class, "a whole number without quotes");
        if (number.isPresent() && (number.get() < min || number.get() > max)) {
            problem(outside, key, number.get() + " is outside " + min + " to " + max + "; write a number within");
            return Optional.empty();
        }
        return number;
    }

    /** The value as the parser has it. */
    public Optional<Object> raw(String key) {
        return has(key) ? table.value(key) : Optional.empty();
    }

    /** A value of a type; another type is a problem that states what to write. */
    public <T> Optional<T> value(String key, Class<T> type, String wanted) {
        Optional<Object> value = raw(key);
        if (value.isPresent() && !type.isInstance(value.get())) {
            problem(ProblemCode.WRONG_TYPE, key, "the value is " + typeOf(value.get()) + "; write " + wanted);
            return Optional.empty();
        }
        return value.map(type::cast);
    }

    /** A table that is there and is one; what else may be there is declared by who owns the file. */
    public Optional<TomlSection> tableOf(String key) {
        return isTable(key) ? section(key) : Optional.empty();
    }

    /** Whether the value is a table. */
    public boolean isTable(String key) {
        return keys.contains(key) && table.value(key).filter(TomlTable.class::isInstance).isPresent();
    }

    /** Its keys, for who does not know them beforehand. */
    public List<String> keys() {
        return List.copyOf(keys);
    }

    /** Whether there is no key at all. */
    public boolean empty() {
        return keys.isEmpty();
    }

    /** Whether the key is there, whatever its value. */
    public boolean has(String key) {
        return keys.contains(key);
    }

    /**
     * Reports each key that nobody reads, or that is not built.
     *
     * @param schema path of the table without numbers, {@code "rule.targets"}, by which its keys are known
     */
    public void checkKeys(String schema) {
        for (String key : keys) {
            Optional<TableKey> found = known.find(schema, key);
            if (found.isEmpty()) {
                unknownKey(schema, key);
            } else if (!found.get().built() && table.value(key).orElse("") instanceof TomlTable content && !content.keys().isEmpty()) {
                new TomlSection(content, path(key), placeOf(key), known, problems).refuseAll("[" + key + "]");
            } else if (!found.get().built()) {
                problem(NOT_SUPPORTED_YET, key, "this release does not have '" + key + "' yet; remove it");
            }
        }
    }

    private void unknownKey(String schema, String key) {
        List<String> words = known.built(schema);
        String where = schema.isEmpty() ? "at the top of the file" : "in [" + schema + "]";
        problem(ProblemCode.UNKNOWN_KEY, key, "there is no key " + echo(key) + " " + where
            + Spelling.nearest(key, words).map(w -> "; did you mean '" + w + "'?").orElse("; remove it, or use one of "
                + String.join(", ", words)));
    }

    /** Reports every key as one of a table that is not built. */
    private void refuseAll(String feature) {
        keys.forEach(key -> problem(NOT_SUPPORTED_YET, key, "this release does not have " + feature + " yet; remove it"));
    }

    /** Reports a key; at its place, or at the table's if the key is absent. */
    public void problem(ProblemCode code, String key, String text) {
        report(code, path(key), text, placeOf(key));
    }

    /** Reports an element of a key's array. */
    public void elementProblem(ProblemCode code, String key, TomlArray array, int index, String text) {
        report(code, path(key) + "[" + index + "]", text, array.place(index));
    }

    /** Reports what is below this table by its path, {@code "targets[1].host"}, at the deepest place of it that the file has. */
    public void problemBelow(ProblemCode code, String below, String text) {
        Position deepest = place;
        Object here = table;
        for (String step : below.split("[.\\[]")) {
            if (here instanceof TomlTable in && in.keys().contains(step)) {
                deepest = in.place(step);
                here = in.value(step).orElseThrow();
            } else if (here instanceof TomlArray in && step.endsWith("]")) {
                int index = Integer.parseInt(step.substring(0, step.length() - 1));
                deepest = in.place(index);
                here = in.get(index);
            } else {
                break;
            }
        }
        report(code, path + "." + below, text, deepest);
    }

    /** Everything found so far, in the whole file. */
    public List<Problem> problems() {
        return problems;
    }

    private void report(ProblemCode code, String at, String text, Position position) {
        problems.add(Problem.of(code, at, text).at(position));
    }

    /** Where the key stands; where the table begins, if the key is absent. */
    public Position placeOf(String key) {
        return has(key) ? table.place(key) : place;
    }

    /** The first of the keys that is there, or the first. */
    public String presentOf(String first, String second) {
        return !has(first) && has(second) ? second : first;
    }

    private String path(String key) {
        String shown = key.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-') && !key.isEmpty() ? key : echo(key);
        return path.isEmpty() ? shown : path + "." + shown;
    }

    /** The text in quotes, cut to a length that a sentence bears. */
    public static String echo(String text) {
        return "'" + (text.length() > MAX_ECHO ? text.substring(0, MAX_ECHO) + "…" : text) + "'";
    }

    /** What kind of value it is, with an article. */
    public static String typeOf(Object value) {
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
