// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.model.Cidr;
import io.portunus.model.HostPattern;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What {@link RecordWriter} and {@link RecordReader} know of types. Stateless. */
final class RecordTypes {
    /** Values of the model that are no records, by their texts. */
    static final Map<Class<?>, Function<String, Object>> TEXTS = Map.of(
        HostPattern.class, HostPattern::parse,
        Cidr.class, text -> Cidr.parse(text).orElseThrow(() -> new IllegalArgumentException(text)));

    /** What a setting of a policy may be, besides a list of these. */
    static final Map<String, Class<?>> PLAIN = Map.of("String", String.class, "Long", Long.class, "Double", Double.class, "Boolean", Boolean.class);

    private RecordTypes() {
    }

    /** The class of a type. */
    static Class<?> raw(Type type) throws IOException {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic when generic.getRawType() instanceof Class<?> plain -> plain;
            default -> throw new IOException("a rule has a value of the type " + type + ", which is not kept");
        };
    }

    /** What a list, a set, a map or an optional value is of. */
    static Type argument(Type type, int index) throws IOException {
        if (type instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[index];
        }
        throw new IOException("a rule has a value of the type " + type + ", which does not say of what");
    }

    /** The record of that name among those that a sealed interface, or one that it allows, allows. */
    static Class<?> permitted(Class<?> sealed, String name) throws IOException {
        return records(sealed).filter(its -> its.getSimpleName().equals(name)).findFirst()
            .orElseThrow(() -> new IOException("there is no " + name + " of " + sealed.getSimpleName()));
    }

    private static Stream<Class<?>> records(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses()).flatMap(its -> its.isSealed() ? records(its) : Stream.of(its));
    }

    /** What a component is that an older version did not write; empty if it cannot be left out. */
    static Optional<Object> absent(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == Optional.class) {
            return Optional.of(Optional.empty());
        }
        if (type == OptionalInt.class) {
            return Optional.of(OptionalInt.empty());
        }
        if (type == List.class) {
            return Optional.of(List.of());
        }
        return type == Set.class ? Optional.of(Set.of()) : type == Map.class ? Optional.of(Map.of()) : Optional.empty();
    }
}
