// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.Tables;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** Reads a whole file and finds everything that is wrong with it at once. Stateless; needs neither framework nor log. */
final class WholeFile {
    private static final Position START = new Position(1, 1);
    /** What is still believed once the syntax is broken; the rest may follow from keys that were lost or fell into another table. */
    private static final Set<ProblemCode> BESIDE_SYNTAX = Set.of(ProblemCode.SYNTAX, ProblemCode.WRONG_TYPE, ProblemCode.INVALID_VALUE,
        RuleCode.INVALID_TARGET_HOST, RuleCode.SNI_PATTERN_MALFORMED, RuleCode.PROXY_PROTOCOL_INVALID, RuleCode.HEALTH_CHECK_INTERVAL,
        TomlSection.NOT_SUPPORTED_YET);

    private WholeFile() {
    }

    /**
     * Reads the bytes of a file.
     *
     * @param grammar what it may have
     * @param before what the last file without problems said in the tables that are read by code
     */
    static Reading read(byte[] bytes, Grammar grammar, Map<String, Tables> before) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            String sound = text.toString();
            int line = (int) sound.chars().filter(c -> c == '\n').count() + 1;
            Position place = new Position(line, sound.length() - sound.lastIndexOf('\n'));
            return new Reading.Bad(List.of(Problem.of(ProblemCode.SYNTAX, "",
                "the file is not UTF-8 text from here on; save it as UTF-8").at(place)));
        }
        // Editors of some systems put a byte order mark in front.
        return parse(text.length() > 0 && text.charAt(0) == '\uFEFF' ? text.subSequence(1, text.length()).toString() : text.toString(),
            grammar, before);
    }

    /** The same of its text. */
    static Reading parse(String text, Grammar grammar, Map<String, Tables> before) {
        TomlParseResult toml = Toml.parse(text);
        List<Problem> problems = new ArrayList<>();
        Head head = Head.read(TomlSection.top(new ParsedTable(toml), grammar.keys(), problems), grammar);
        Map<String, Tables> tables = new HashMap<>();
        grammar.byName().forEach((name, kind) -> tables.put(name, kind.read(head.top(), head.rest(), Optional.ofNullable(before.get(name)))));
        toml.errors().forEach(e -> problems.add(Problem.of(ProblemCode.SYNTAX, "", e.getMessage() + remedy(String.valueOf(e.getMessage())))
            .at(new Position(e.position().line(), e.position().column()))));
        if (toml.hasErrors()) {
            problems.removeIf(p -> !BESIDE_SYNTAX.contains(p.code()));
        }
        if (problems.isEmpty()) {
            return head.with(tables);
        }
        Comparator<Position> byPlace = Comparator.comparingInt(Position::line).thenComparingInt(Position::column);
        problems.sort(Comparator.comparing(p -> p.position().orElse(START), byPlace));
        return new Reading.Bad(problems);
    }

    /** What is done about a text that is no TOML; the parser reports its faults by words only. */
    private static String remedy(String fault) {
        if (fault.startsWith("Invalid escape sequence")) {
            return "; between double quotes a backslash begins an escape: write the text between single quotes, as in sni = '~a\\.b'";
        }
        return fault.endsWith("expected a value") ? "; write a text between quotes, as in name = \"web\"" : "; mend the TOML here";
    }
}
