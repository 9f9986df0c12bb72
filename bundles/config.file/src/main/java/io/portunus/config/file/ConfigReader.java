// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableKind;
import io.portunus.config.api.Tables;
import io.portunus.config.api.TomlPiece;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * Reads the configuration file, and remembers the last one without problems: the same bytes are not read again, and of others only the
 * tables that were changed. The meaning of a file follows from its bytes and the grammar, so this changes nothing but the time it takes. A file that
 * has problems is always read as a whole, so that they have one source. For one thread at a time; needs neither framework nor log.
 */
final class ConfigReader {
    /** Largest file that is read; as many bytes at most are remembered. */
    static final int MAX_BYTES = 4 << 20;

    private final PromptFiles files;
    private final Supplier<Grammar> grammars;
    private Optional<Last> last = Optional.empty();

    /**
     * The last file without problems. It holds the bytes of its own file, and of none before it.
     *
     * @param cut its pieces; not cut if it was read as a whole
     * @param head what is in front of them; empty if it was read as a whole
     */
    private record Last(Grammar grammar, FileCut cut, Optional<Head> head, Reading.Good reading) {
        Map<String, Tables> tables() {
            return reading.config().tables();
        }
    }

    /**
     * A reader that has read nothing yet.
     *
     * @param grammars what a file may have now
     */
    ConfigReader(PromptFiles files, Supplier<Grammar> grammars) {
        this.files = files;
        this.grammars = grammars;
    }

    /** What a file may have now. */
    Grammar grammar() {
        return grammars.get();
    }

    /** Reads a file. */
    Reading read(Path file) {
        try {
            byte[] bytes = files.read(file, MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                ? unreadable("the file is larger than " + MAX_BYTES + " bytes; is it the right one?") : read(bytes);
        } catch (NoSuchFileException missing) {
            return unreadable("there is no such file; name an existing one with --config");
        } catch (IOException unreadable) {
            return unreadable("the file cannot be read (" + unreadable.getMessage() + "); check that it is a file and its permissions");
        }
    }

    private static Reading unreadable(String text) {
        return new Reading.Bad(List.of(Problem.of(ProblemCode.IO_ERROR, "", text)));
    }

    /** Reads the bytes of a file, which nobody changes any more. */
    Reading read(byte[] bytes) {
        Grammar grammar = grammars.get();
        Optional<Last> before = last.filter(its -> its.grammar().equals(grammar));
        if (before.filter(its -> its.cut().file().equals(new FilePiece(bytes, 0, bytes.length))).isPresent()) {
            return before.get().reading();
        }
        try {
            FileCut cut = FileCut.of(bytes, grammar);
            Optional<Last> pieces = inPieces(cut, grammar, before);
            return pieces.isPresent() ? remembered(pieces.get()) : whole(cut, bytes, grammar, before);
        } catch (RuntimeException lastResort) {
            // A bundle's own reader; a check has no log to write the trace to.
            return unreadable("what it says could not be read, by a defect (" + lastResort + Arrays.stream(lastResort.getStackTrace())
                .findFirst().map(frame -> " at " + frame).orElse("") + "); the tables of which bundle are the cause, its maker should know");
        }
    }

    private Reading whole(FileCut cut, byte[] bytes, Grammar grammar, Optional<Last> before) {
        Reading reading = WholeFile.read(bytes, grammar, before.or(() -> last).map(Last::tables).orElse(Map.of()));
        return reading instanceof Reading.Good good ? remembered(new Last(grammar, cut.uncut(), Optional.empty(), good)) : reading;
    }

    private Reading remembered(Last read) {
        last = Optional.of(read);
        return read.reading();
    }

    /** Reads a file piece by piece; empty if it is not plainly without problems, so that it has to be read as a whole. */
    private static Optional<Last> inPieces(FileCut cut, Grammar grammar, Optional<Last> before) {
        if (cut.pieces().isEmpty()) {
            return Optional.empty();
        }
        Optional<Head> head = before.filter(its -> its.cut().head().equals(cut.head())).flatMap(Last::head)
            .or(() -> cut.head().text().flatMap(text -> head(text, grammar)));
        return head.flatMap(its -> tables(cut, its, grammar, before.map(Last::tables).orElse(Map.of()))
            .map(tables -> new Last(grammar, cut, Optional.of(its), its.with(tables))));
    }

    private static Optional<Head> head(String text, Grammar grammar) {
        TomlParseResult toml = Toml.parse(text);
        List<Problem> problems = new ArrayList<>();
        TomlSection top = TomlSection.top(new ParsedTable(toml), grammar.keys(), problems);
        Head head = Head.read(top, grammar);
        return Optional.of(head).filter(h -> !toml.hasErrors() && problems.isEmpty() && grammar.kinds().stream().noneMatch(k -> top.has(k.name())));
    }

    private static Optional<Map<String, Tables>> tables(FileCut cut, Head head, Grammar grammar, Map<String, Tables> before) {
        Map<String, Tables> tables = new HashMap<>();
        for (TableKind kind : grammar.kinds()) {
            List<TomlPiece> pieces = cut.of(kind.name());
            Optional<Tables> its = kind.readPieces(head.top(), pieces, head.rest(), Optional.ofNullable(before.get(kind.name())));
            if (its.isEmpty() || !head.top().problems().isEmpty()) {
                return Optional.empty();
            }
            tables.put(kind.name(), its.get());
        }
        return Optional.of(tables);
    }

    /** Whether a file can be read piece by piece. */
    static boolean inPieces(byte[] bytes, Grammar grammar) {
        return inPieces(FileCut.of(bytes, grammar), grammar, Optional.empty()).isPresent();
    }
}
