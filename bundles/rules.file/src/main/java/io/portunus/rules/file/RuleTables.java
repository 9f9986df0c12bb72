// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.Installed;
import io.portunus.config.api.TableChanges;
import io.portunus.config.api.Tables;
import io.portunus.config.api.TomlPiece;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.RuleChecks;
import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleSet;
import io.portunus.model.UnknownKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules of a file without problems as they were read, for the next ones to be compared with. Immutable. Two are equal by what they set.
 */
public final class RuleTables implements Tables {
    private final RuleSet set;
    private final List<KnownRule> known;
    private final Optional<Pieces> pieces;

    /**
     * What is remembered of a file that was read in pieces.
     *
     * @param pieces one for each rule; they hold the bytes of their own file, and of none before it
     * @param defaults what its rules have that set nothing else
     * @param reserved what its rules leave alone
     * @param table of its rules, from which the next one's is derived
     */
    private record Pieces(List<TomlPiece> pieces, TomlRules.Defaults defaults, List<Reserved> reserved, ForwardingTable table) {
    }

    private RuleTables(RuleSet set, List<KnownRule> known, Optional<Pieces> pieces) {
        this.set = set;
        this.known = List.copyOf(known);
        this.pieces = pieces;
    }

    /** Those of a file that was read as a whole. */
    static RuleTables ofWhole(List<Rule> rules, Optional<RuleTables> before) {
        List<KnownRule> known = new RuleReader(before).known(rules);
        return new RuleTables(KnownRule.set(known), known, Optional.empty());
    }

    /** Those of a file that is read piece by piece; empty if it is not plainly without problems, so that it has to be read as a whole. */
    static Optional<RuleTables> ofPieces(List<TomlPiece> pieces, TomlRules.Defaults defaults, List<Reserved> reserved, Optional<RuleTables> before) {
        return pieces.isEmpty() ? Optional.empty()
            : new RuleReader(before).read(pieces, defaults).flatMap(known -> checked(pieces, defaults, reserved, known, before));
    }

    /** Only what differs from the file before is looked at, where that is known to be good beside the same reserved listeners. */
    private static Optional<RuleTables> checked(List<TomlPiece> pieces, TomlRules.Defaults defaults, List<Reserved> reserved, List<KnownRule> known,
            Optional<RuleTables> before) {
        ForwardingTable good = before.flatMap(its -> its.pieces).filter(its -> its.reserved().equals(reserved)).map(Pieces::table)
            .orElse(ForwardingTable.EMPTY);
        RuleSet set = KnownRule.set(known);
        RuleDifference change = RuleDifference.between(good.rules(), set);
        return RuleChecks.check(good, change, reserved).isEmpty()
            ? Optional.of(new RuleTables(set, known, Optional.of(new Pieces(pieces, defaults, reserved, good.with(change))))) : Optional.empty();
    }

    /** The rules as a set. */
    public RuleSet set() {
        return set;
    }

    /** Each rule with all that it sets in short, in the order of the file. */
    List<KnownRule> known() {
        return known;
    }

    /** The pieces that mean the same under these defaults; none if the file was read as a whole. */
    List<TomlPiece> pieces(TomlRules.Defaults defaults) {
        return pieces.filter(its -> its.defaults().equals(defaults)).map(Pieces::pieces).orElse(List.of());
    }

    @Override
    public String revision() {
        return set.revision();
    }

    @Override
    public TableChanges changesSince(Tables before) {
        RuleSet older = before instanceof RuleTables its ? its.set : new RuleSet("", List.of());
        return RuleChanges.between(older, set);
    }

    @Override
    public boolean listenOn(InetSocketAddress address) {
        return set.rules().stream().anyMatch(rule -> rule.enabled() && rule.protocols().has(Protocol.TCP) && sameAddress(rule, address.getAddress())
            && rule.listen().stream().anyMatch(range -> range.contains(address.getPort())));
    }

    private static boolean sameAddress(Rule rule, InetAddress address) {
        return address.isAnyLocalAddress() || rule.bind().filter(bind -> !bind.isAnyLocalAddress() && !bind.equals(address)).isEmpty();
    }

    @Override
    public List<Problem> unrecognised(Installed installed) {
        return Stream.concat(
            UnknownKind.problems(ForwardingTable.compile(set), installed::lacks, installed.offers()).stream(),
            UnknownKind.policies(set, installed::lacks, installed.offers()).stream()).toList();
    }

    @Override
    public List<String> hints() {
        return EphemeralPorts.ofThisSystem().hints(set.rules());
    }

    @Override
    public String summary() {
        List<Rule> rules = set.rules();
        long off = rules.stream().filter(rule -> !rule.enabled()).count();
        return (rules.size() == 1 ? "1 rule" : rules.size() + " rules") + (off == 0 ? "" : ", " + off + " of them not enabled");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RuleTables its && set.equals(its.set);
    }

    @Override
    public int hashCode() {
        return set.revision().hashCode();
    }
}
