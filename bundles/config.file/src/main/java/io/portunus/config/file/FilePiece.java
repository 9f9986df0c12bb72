// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableKeys;
import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlPiece;
import io.portunus.config.api.TomlSection;
import io.portunus.config.api.TomlTable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;

/** Some bytes of a file, equal to any others that are the same. Immutable, as nobody writes to the file's array. */
final class FilePiece implements TomlPiece {
    private final byte[] file;
    private final int from;
    private final int to;
    private final String kind;
    private final TableKeys keys;

    /** A piece that is of no kind. */
    FilePiece(byte[] file, int from, int to) {
        this(file, from, to, "", new TableKeys(List.of()));
    }

    /**
     * A piece.
     *
     * @param file all bytes of the file
     * @param from index of the first byte
     * @param to index behind the last
     * @param kind name of the kind that it has a table of
     * @param keys that it may have
     */
    FilePiece(byte[] file, int from, int to, String kind, TableKeys keys) {
        this.file = file;
        this.from = from;
        this.to = to;
        this.kind = kind;
        this.keys = keys;
    }

    /** Name of the kind that it has a table of. */
    String kind() {
        return kind;
    }

    @Override
    public Optional<TomlSection> read() {
        return text().map(Toml::parse).filter(toml -> !toml.hasErrors() && toml.keySet().equals(Set.of(kind))).flatMap(toml -> {
            TomlSection top = TomlSection.top(new ParsedTable(toml), keys, new ArrayList<>());
            return top.raw(kind).filter(its -> its instanceof TomlArray array && array.size() == 1 && array.get(0) instanceof TomlTable)
                .map(array -> top.element((TomlArray) array, kind, 0));
        });
    }

    /** Its text; empty if it is not UTF-8. */
    Optional<String> text() {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file, from, to - from)).toString());
        } catch (CharacterCodingException otherEncoding) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FilePiece its && Arrays.equals(file, from, to, its.file, its.from, its.to);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(file, from, to - from).hashCode();
    }
}
