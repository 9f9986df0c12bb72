// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlTable;
import io.portunus.model.Problem.Position;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.TomlPosition;

/** A table as the parser has it. Immutable. */
record ParsedTable(org.tomlj.TomlTable table) implements TomlTable {
    /** An array as the parser has it. Immutable. */
    private record ParsedArray(org.tomlj.TomlArray array) implements TomlArray {
        @Override
        public int size() {
            return array.size();
        }

        @Override
        public Object get(int index) {
            return value(array.get(index));
        }

        @Override
        public Position place(int index) {
            return position(array.inputPositionOf(index));
        }
    }

    @Override
    public Set<String> keys() {
        return table.keySet();
    }

    @Override
    public Optional<Object> value(String key) {
        // A list of one: the parser would take a text apart at its dots.
        return Optional.ofNullable(table.get(List.of(key))).map(ParsedTable::value);
    }

    @Override
    public Position place(String key) {
        return position(Optional.ofNullable(table.inputPositionOf(List.of(key))).orElseThrow(() -> new IllegalArgumentException(key)));
    }

    private static Object value(Object parsed) {
        return switch (parsed) {
            case org.tomlj.TomlTable below -> new ParsedTable(below);
            case org.tomlj.TomlArray below -> new ParsedArray(below);
            default -> parsed;
        };
    }

    private static Position position(TomlPosition position) {
        return new Position(position.line(), position.column());
    }
}
