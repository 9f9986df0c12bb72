// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Writes records of the model, whatever they consist of: numbers, texts, enums, times, addresses, lists, sets, maps, optional values, records and
 * sealed interfaces of records. The names of components are written with them, once for each type, so that another version of the model knows what
 * it reads; and equal records once, since rules say the same of most things. For one document.
 */
final class RecordWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Map<Class<?>, Integer> types = new HashMap<>();
    private final Map<Object, Integer> written = new HashMap<>();

    /** Writes a record with everything that it has. */
    static byte[] write(Record value) throws IOException {
        RecordWriter writer = new RecordWriter();
        writer.value(value, value.getClass());
        return writer.bytes.toByteArray();
    }

    private void value(Object value, Type type) throws IOException {
        Class<?> raw = RecordTypes.raw(type);
        if (RecordTypes.TEXTS.containsKey(raw)) {
            text(value.toString());
            return;
        }
        if (raw.isInterface() && raw.isSealed()) {
            text(value.getClass().getSimpleName());
            record(value);
            return;
        }
        if (raw == Object.class) {
            plain(value);
            return;
        }
        switch (value) {
            case Record its -> record(its);
            case Enum<?> its -> text(its.name());
            case String its -> text(its);
            case Boolean its -> out.writeBoolean(its);
            case Integer its -> out.writeInt(its);
            case Long its -> out.writeLong(its);
            case Double its -> out.writeDouble(its);
            case Duration its -> duration(its);
            case InetAddress its -> data(its.getAddress());
            case OptionalInt its -> optional(its.isPresent() ? Optional.of(its.getAsInt()) : Optional.empty(), Integer.class);
            case Optional<?> its -> optional(its, RecordTypes.argument(type, 0));
            case Collection<?> its -> elements(its, RecordTypes.argument(type, 0));
            case Map<?, ?> its -> entries(its, RecordTypes.argument(type, 1));
            default -> throw new IOException("a rule has a " + value.getClass().getName() + ", which is not kept");
        }
    }

    /** A setting of a policy, whose type only the policy knows, with the name of its type. */
    private void plain(Object value) throws IOException {
        if (value instanceof List<?> list) {
            text("List");
            elements(list, Object.class);
        } else if (RecordTypes.PLAIN.containsKey(value.getClass().getSimpleName())) {
            text(value.getClass().getSimpleName());
            value(value, value.getClass());
        } else {
            throw new IOException("a rule has a " + value.getClass().getName() + ", which is not kept");
        }
    }

    private void duration(Duration value) throws IOException {
        out.writeLong(value.getSeconds());
        out.writeInt(value.getNano());
    }

    private void optional(Optional<?> value, Type type) throws IOException {
        out.writeBoolean(value.isPresent());
        if (value.isPresent()) {
            value(value.get(), type);
        }
    }

    private void elements(Collection<?> values, Type type) throws IOException {
        out.writeInt(values.size());
        for (Object value : values) {
            value(value, type);
        }
    }

    /** Maps are by texts. */
    private void entries(Map<?, ?> values, Type type) throws IOException {
        Map<String, Object> sorted = new TreeMap<>();
        values.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        out.writeInt(sorted.size());
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
            text(entry.getKey());
            value(entry.getValue(), type);
        }
    }

    private void record(Object value) throws IOException {
        Integer same = written.putIfAbsent(value, written.size());
        out.writeInt(same == null ? -1 : same);
        if (same != null) {
            return;
        }
        RecordComponent[] components = value.getClass().getRecordComponents();
        Integer known = types.putIfAbsent(value.getClass(), types.size());
        out.writeInt(known == null ? -1 : known);
        if (known == null) {
            out.writeInt(components.length);
            for (RecordComponent component : components) {
                text(component.getName());
            }
        }
        for (RecordComponent component : components) {
            value(component(value, component), component.getGenericType());
        }
    }

    private static Object component(Object value, RecordComponent component) throws IOException {
        try {
            return Optional.ofNullable(component.getAccessor().invoke(value)).orElseThrow();
        } catch (IllegalAccessException | InvocationTargetException hidden) {
            throw new IOException(component + " cannot be read", hidden);
        }
    }

    private void text(String text) throws IOException {
        data(text.getBytes(StandardCharsets.UTF_8));
    }

    private void data(byte[] data) throws IOException {
        out.writeInt(data.length);
        out.write(data);
    }
}
