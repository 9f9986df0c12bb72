// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies what a bundle hands over, so that no object of its classes, and no list that it goes on changing, stays behind. */
final class PlainState {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_VALUES = 1_000_000;
    private int values;

    private PlainState() {
    }

    /**
     * Copies a state.
     *
     * @throws IllegalArgumentException if it holds anything but values of the JDK, or too many
     */
    static Map<String, Object> copy(Map<String, Object> state) {
        PlainState copier = new PlainState();
        Map<String, Object> copy = new LinkedHashMap<>();
        state.forEach((key, value) -> copy.put(key, copier.value(value, 0)));
        return copy;
    }

    private Object value(Object value, int depth) {
        if (++values > MAX_VALUES || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the state has more than " + MAX_VALUES + " values, or is deeper than " + MAX_DEPTH);
        }
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag;
            case Long number -> number;
            case Integer number -> number;
            case Double number -> number;
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(entry -> copy.add(value(entry, depth + 1)));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, entry) -> copy.put(value(key, depth + 1), value(entry, depth + 1)));
                yield copy;
            }
            default -> throw new IllegalArgumentException("the state holds a " + value.getClass().getName());
        };
    }
}
