// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Some bytes of a file, equal to any others that are the same. Immutable, as nobody writes to the file's array. */
final class FilePiece {
    private final byte[] file;
    private final int from;
    private final int to;

    /**
     * A piece.
     *
     * @param file all bytes of the file
     * @param from index of the first byte
     * @param to index behind the last
     */
    FilePiece(byte[] file, int from, int to) {
        this.file = file;
        this.from = from;
        this.to = to;
    }

    /** What it says; empty if it is not UTF-8. */
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
