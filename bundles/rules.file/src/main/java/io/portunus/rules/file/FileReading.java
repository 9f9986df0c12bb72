// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import io.portunus.model.RuleChecks;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * A file without problems as it was read, for the next one to be compared with. Immutable. It holds the bytes of its own file, and of none
 * before it.
 *
 * @param cut its pieces, one for each rule; not cut if it was read as a whole
 * @param head what its head says; empty if it was read as a whole
 * @param rules its rules
 * @param table the table of its rules, from which the next one's is derived; empty if it was read as a whole
 * @param outcome what reading it came to
 */
record FileReading(FileCut cut, Optional<FileHead> head, List<KnownRule> rules, Optional<ForwardingTable> table, ConfigOutcome.Valid outcome) {
    private static final Position START = new Position(1, 1);

    /** Copies the list. */
    FileReading {
        rules = List.copyOf(rules);
    }

    /** Reads a file piece by piece; empty if it is not plainly without problems, so that it has to be read as a whole. */
    static Optional<FileReading> ofPieces(FileCut cut, Declarations declared, Optional<FileReading> before) {
        if (cut.pieces().isEmpty()) {
            return Optional.empty();
        }
        Optional<FileHead> head = before.filter(b -> b.cut().head().equals(cut.head()) && b.readBy(declared)).flatMap(FileReading::head)
            .or(() -> cut.head().text().flatMap(text -> head(text, declared)));
        return head.flatMap(h -> new RuleReader(before).read(cut.pieces(), h.defaults()).flatMap(rules -> checked(cut, h, rules, before)));
    }

    /** Whether it was read by the same declarations. */
    boolean readBy(Declarations declared) {
        return outcome.config().settings().declared().equals(declared);
    }

    private static Optional<FileHead> head(String text, Declarations declared) {
        TomlParseResult toml = Toml.parse(text);
        List<Problem> problems = new ArrayList<>();
        TomlSection top = new TomlSection(toml, "", START, problems);
        FileHead head = FileHead.read(top, declared);
        return Optional.of(head).filter(h -> !toml.hasErrors() && problems.isEmpty() && !top.has("rule"));
    }

    /** Only what differs from the file before is looked at, where that may be said to be good beside the same reserved listeners. */
    private static Optional<FileReading> checked(FileCut cut, FileHead head, List<KnownRule> known, Optional<FileReading> before) {
        RuleSet rules = KnownRule.set(known);
        ForwardingTable good = before.filter(b -> b.head().map(FileHead::reserved).equals(Optional.of(head.reserved())))
            .flatMap(FileReading::table).orElse(ForwardingTable.EMPTY);
        RuleDifference change = RuleDifference.between(good.rules(), rules);
        return RuleChecks.check(good, change, head.reserved()).isEmpty()
            ? Optional.of(new FileReading(cut, Optional.of(head), known, Optional.of(good.with(change)), head.with(rules))) : Optional.empty();
    }

    /** A file that was read as a whole. */
    static FileReading ofWhole(FileCut cut, ConfigOutcome.Valid read, Optional<FileReading> before) {
        List<KnownRule> known = new RuleReader(before).known(read.config().rules().rules());
        return new FileReading(cut.uncut(), Optional.empty(), known, Optional.empty(),
            new ConfigOutcome.Valid(read.config().withRules(KnownRule.set(known)), read.places()));
    }
}
