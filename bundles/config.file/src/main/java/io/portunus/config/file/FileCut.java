// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TomlPiece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file cut in front of each line that begins with the name of a kind in two brackets, {@code [[rule]]}. Immutable.
 *
 * <p>The cuts are a guess: the line may stand within a string or an array. The guess is proved by reading each piece as a document of its
 * own. TOML is read from left to right, and only a multi-line string, an array or an inline table goes on behind the end of a line. A cut
 * within one of them leaves the piece before it with one that is never closed, which is no TOML. So if all pieces up to a cut are TOML, the
 * whole file stands between two expressions at the cut as well, and what follows is a header, after which no table but its own is open: the
 * piece means in the file what it means alone. A comment that contains {@code [[rule]]} begins with another character and is not cut.
 *
 * <p>What is left is what pieces may do to each other: a table or a key that is defined twice, or that belongs to another piece. The reader
 * takes pieces only if the head has no {@code rule} in any form, nor another kind, and if every other piece has nothing but its kind, and of that
 * one table: then {@code [rule.health]} and {@code [[rule.targets]]} mean the rule of their own piece, and no two pieces share a name. A file
 * with other tables behind its rules, or with {@code [[ rule ]]}, is not taken in pieces.
 *
 * <p>Cuts are behind a line feed, in front of ASCII: no character of UTF-8 and no CR LF is torn.
 *
 * @param file the whole file
 * @param head what comes before the first of such tables, without a byte order mark
 * @param pieces the others, which begin with one, in their order
 */
record FileCut(FilePiece file, FilePiece head, List<FilePiece> pieces) {
    private static final byte[] BYTE_ORDER_MARK = "\uFEFF".getBytes(StandardCharsets.UTF_8);

    /** Copies the list. */
    FileCut {
        pieces = List.copyOf(pieces);
    }

    /** Cuts a file in front of the tables of every kind. */
    static FileCut of(byte[] file, Grammar grammar) {
        Map<String, byte[]> openings = new TreeMap<>();
        grammar.kinds().forEach(kind -> openings.put(kind.name(), ("[[" + kind.name() + "]]").getBytes(StandardCharsets.US_ASCII)));
        int from = startsWith(BYTE_ORDER_MARK, file, 0) ? BYTE_ORDER_MARK.length : 0;
        String kind = "";
        List<FilePiece> pieces = new ArrayList<>();
        for (int line = from; line < file.length; line = next(file, line)) {
            for (Map.Entry<String, byte[]> opening : openings.entrySet()) {
                if (startsWith(opening.getValue(), file, word(file, line))) {
                    pieces.add(new FilePiece(file, from, line, kind, grammar.keys()));
                    from = line;
                    kind = opening.getKey();
                }
            }
        }
        pieces.add(new FilePiece(file, from, file.length, kind, grammar.keys()));
        return new FileCut(new FilePiece(file, 0, file.length), pieces.getFirst(), pieces.subList(1, pieces.size()));
    }

    /** The pieces that begin with a table of a kind. */
    List<TomlPiece> of(String kind) {
        return pieces.stream().filter(piece -> piece.kind().equals(kind)).<TomlPiece>map(piece -> piece).toList();
    }

    /** The same file, not cut. */
    FileCut uncut() {
        return new FileCut(file, file, List.of());
    }

    private static int next(byte[] file, int line) {
        int end = line;
        while (end < file.length && file[end] != '\n') {
            end++;
        }
        return end + 1;
    }

    private static int word(byte[] file, int line) {
        int word = line;
        while (word < file.length && (file[word] == ' ' || file[word] == '\t')) {
            word++;
        }
        return word;
    }

    private static boolean startsWith(byte[] wanted, byte[] file, int from) {
        return from + wanted.length <= file.length && Arrays.equals(wanted, 0, wanted.length, file, from, from + wanted.length);
    }
}
