// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a rule sets for one policy. Which keys there are, their types, bounds and defaults is declared beside the policy, and whoever reads
 * rules has checked them by that. Immutable; equal settings are equal.
 *
 * @param values by key: {@link String}, {@link Long}, {@link Double}, {@link Boolean}, or a list of these
 */
public record PolicySettings(Map<String, Object> values) {
    /** Nothing is said. */
    public static final PolicySettings NONE = new PolicySettings(Map.of());

    /**
     * Copies the values.
     *
     * @throws IllegalArgumentException if one is of another type: it would keep a bundle's classes, and could not be stored
     */
    public PolicySettings {
        values = values.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> plain(entry.getKey(), entry.getValue())));
    }

    private static Object plain(String key, Object value) {
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag;
            case Double real -> real;
            case Float real -> real.doubleValue();
            case Number number when number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte ->
                number.longValue();
            case List<?> list -> list.stream().map(element -> plain(key, element)).toList();
            default -> throw new IllegalArgumentException("the setting '" + key + "' is a " + value.getClass().getName());
        };
    }

    /** A text; empty if there is none of the key. */
    public Optional<String> text(String key) {
        return value(key, String.class);
    }

    /** A whole number; empty if there is none of the key. */
    public Optional<Long> number(String key) {
        return value(key, Long.class);
    }

    /** A switch; empty if there is none of the key. */
    public Optional<Boolean> flag(String key) {
        return value(key, Boolean.class);
    }

    private <T> Optional<T> value(String key, Class<T> type) {
        return Optional.ofNullable(values.get(key)).filter(type::isInstance).map(type::cast);
    }
}
