// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads what {@link RecordWriter} wrote, perhaps by another version of the model. What that did not know yet is absent or empty; what this one does
 * not know is refused, since a rule must not be weakened by leaving out what it sets. For one document.
 */
final class RecordReader {
    private final DataInputStream in;
    private final int size;
    private final Map<Class<?>, List<String>> names = new HashMap<>();
    private final List<Object> read = new ArrayList<>();

    private RecordReader(byte[] document) {
        this.in = new DataInputStream(new ByteArrayInputStream(document));
        this.size = document.length;
    }

    /**
     * Reads a record.
     *
     * @throws IOException if it is none of that type, or has something that is not known here
     */
    static <T extends Record> T read(byte[] document, Class<T> type) throws IOException {
        RecordReader reader = new RecordReader(document);
        try {
            T value = type.cast(reader.value(type));
            if (reader.in.available() > 0) {
                throw new IOException("there is more than a " + type.getSimpleName());
            }
            return value;
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException broken) {
            throw new IOException("it is no " + type.getSimpleName() + " (" + broken.getMessage() + ")", broken);
        }
    }

    private Object value(Type type) throws IOException {
        Class<?> raw = RecordTypes.raw(type);
        if (RecordTypes.TEXTS.containsKey(raw)) {
            return Optional.ofNullable(RecordTypes.TEXTS.get(raw)).orElseThrow().apply(text());
        }
        if (raw.isInterface() && raw.isSealed()) {
            return record(RecordTypes.permitted(raw, text()));
        }
        if (raw.isRecord()) {
            return record(raw);
        }
        if (raw.isEnum()) {
            String name = text();
            return Arrays.stream(raw.getEnumConstants()).filter(its -> ((Enum<?>) its).name().equals(name)).findFirst()
                .orElseThrow(() -> new IOException("there is no " + name + " of " + raw.getSimpleName()));
        }
        return switch (raw.getName()) {
            case "java.lang.String" -> text();
            case "boolean", "java.lang.Boolean" -> in.readBoolean();
            case "int", "java.lang.Integer" -> in.readInt();
            case "long", "java.lang.Long" -> in.readLong();
            case "double", "java.lang.Double" -> in.readDouble();
            case "java.time.Duration" -> Duration.ofSeconds(in.readLong(), in.readInt());
            case "java.net.InetAddress" -> InetAddress.getByAddress(data());
            case "java.util.OptionalInt" -> in.readBoolean() ? OptionalInt.of(in.readInt()) : OptionalInt.empty();
            case "java.util.Optional" -> in.readBoolean() ? Optional.of(value(RecordTypes.argument(type, 0))) : Optional.empty();
            case "java.util.List" -> elements(RecordTypes.argument(type, 0));
            case "java.util.Set" -> new LinkedHashSet<>(elements(RecordTypes.argument(type, 0)));
            case "java.lang.Object" -> plain(text());
            case "java.util.Map" -> entries(RecordTypes.argument(type, 1));
            default -> throw new IOException("a rule has a " + raw.getName() + ", which is not kept");
        };
    }

    private Object plain(String type) throws IOException {
        if (type.equals("List")) {
            return elements(Object.class);
        }
        return value(Optional.ofNullable(RecordTypes.PLAIN.get(type))
            .orElseThrow(() -> new IOException("a rule has a " + type + ", which is not kept")));
    }

    private List<Object> elements(Type type) throws IOException {
        int count = count();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value(type));
        }
        return values;
    }

    private Map<String, Object> entries(Type type) throws IOException {
        int count = count();
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < count; i++) {
            values.put(text(), value(type));
        }
        return values;
    }

    private Object record(Class<?> type) throws IOException {
        int same = in.readInt();
        if (same >= 0) {
            return read.get(same);
        }
        int place = read.size();
        read.add(type);
        Map<String, Object> values = new HashMap<>();
        List<String> components = components(type);
        for (String name : components) {
            RecordComponent component = Arrays.stream(type.getRecordComponents()).filter(its -> its.getName().equals(name)).findFirst()
                .orElseThrow(() -> new IOException("this version does not know '" + name + "' of " + type.getSimpleName()));
            values.put(name, value(component.getGenericType()));
        }
        Object value = made(type, values);
        read.set(place, value);
        return value;
    }

    private List<String> components(Class<?> type) throws IOException {
        int known = in.readInt();
        if (known < 0) {
            int count = count();
            List<String> its = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                its.add(text());
            }
            names.put(type, its);
        }
        return Optional.ofNullable(names.get(type)).orElseThrow(() -> new IOException("the components of " + type.getSimpleName() + " are missing"));
    }

    private static Object made(Class<?> type, Map<String, Object> values) throws IOException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            arguments[i] = Optional.ofNullable(values.get(component.getName())).or(() -> RecordTypes.absent(component))
                .orElseThrow(() -> new IOException("'" + component.getName() + "' of " + type.getSimpleName() + " is missing"));
        }
        try {
            return type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
                .newInstance(arguments);
        } catch (ReflectiveOperationException refused) {
            String why = refused instanceof InvocationTargetException thrown ? String.valueOf(thrown.getCause()) : refused.toString();
            throw new IOException("it has no sound " + type.getSimpleName() + " (" + why + ")", refused);
        }
    }

    private int count() throws IOException {
        int count = in.readInt();
        if (count < 0 || count > size) {
            throw new IOException("a length of " + count + " cannot be");
        }
        return count;
    }

    private String text() throws IOException {
        return new String(data(), StandardCharsets.UTF_8);
    }

    private byte[] data() throws IOException {
        byte[] data = new byte[count()];
        in.readFully(data);
        return data;
    }
}
