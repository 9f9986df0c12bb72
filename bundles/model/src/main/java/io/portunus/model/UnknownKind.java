// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Rules whose kind nobody recognises, or that name a policy which nobody serves. No set is refused for it, since whoever does may come; such
 * a rule takes nothing until then, and the others of its port go on. Stateless.
 */
public final class UnknownKind {
    private UnknownKind() {
    }

    /**
     * A problem for each such rule, in their order.
     *
     * @param table table of the rules
     * @param missing whether nobody is such an inspector
     * @param known those that there are
     */
    public static List<Problem> problems(ForwardingTable table, Predicate<Offer> missing, Collection<Offer> known) {
        return IntStream.range(0, table.rules().rules().size()).boxed().flatMap(place -> problem(table, place, missing, known).stream()).toList();
    }

    /** The problem of the rule at a place of the set, from 0; empty if it has none. */
    public static Optional<Problem> problem(ForwardingTable table, int place, Predicate<Offer> missing, Collection<Offer> known) {
        Rule rule = table.rules().rules().get(place);
        if (!rule.enabled()) {
            return Optional.empty();
        }
        return rule.protocols().each().stream().flatMap(protocol -> rule.listenKeys().filter(key -> key.protocol() == protocol)
            .flatMap(key -> table.listener(key).flatMap(listener -> listener.kindFor(rule)).stream())
            .filter(kind -> missing.test(Offer.inspector(protocol, kind))).limit(1).map(kind -> problem(rule, place, protocol, kind, known)))
            .findFirst();
    }

    private static Problem problem(Rule rule, int place, Protocol protocol, String kind, Collection<Offer> known) {
        return Problem.ofRule(ProblemCode.NO_HANDLER, place, key(rule), "nobody who is installed recognises '" + kind + "'"
            + (protocol == Protocol.TCP ? "" : " among datagrams") + ", so the rule '" + rule.name() + "' takes nothing"
            + (rule.protocols() == Protocols.of(protocol) ? "" : " by " + protocol.code()) + "; "
            + remedy(kind, Offer.recognised(known, protocol)));
    }

    /**
     * The problem of the rule at a place of the set that names a policy which is missing; empty if it names none.
     *
     * @param missing whether nobody serves a policy
     * @param known those that somebody serves
     */
    public static Optional<Problem> policy(RuleSet rules, int place, Predicate<Offer> missing, Collection<Offer> known) {
        Rule rule = rules.rules().get(place);
        return rule.governance().policies().keySet().stream().filter(its -> rule.enabled() && missing.test(Offer.policy(its))).sorted().findFirst()
            .map(kind -> Problem.ofRule(ProblemCode.NO_HANDLER, place, "policies." + kind, "no policy '" + kind
                + "' is installed, so the rule '" + rule.name() + "' takes nothing; " + Spelling.nearest(kind, Offer.policies(known))
                    .map(word -> "did you mean '" + word + "'?").orElse("deploy the bundle that has it, or leave the policy out")));
    }

    /** The same of all rules, in their order. */
    public static List<Problem> policies(RuleSet rules, Predicate<Offer> missing, Collection<Offer> known) {
        return IntStream.range(0, rules.rules().size()).boxed().flatMap(place -> policy(rules, place, missing, known).stream()).toList();
    }

    /** A rule without a kind takes the rest of TLS where others of its port ask for names of it. */
    private static String key(Rule rule) {
        return rule.sni().isPresent() ? "sni" : rule.match().kind().isPresent() ? "match.kind" : Findings.listenKey(rule);
    }

    private static String remedy(String kind, Collection<String> known) {
        return Spelling.nearest(kind, known).map(word -> "did you mean '" + word + "'?").orElseGet(() -> known.isEmpty()
            ? "deploy an inspector of it" : "write one of " + String.join(", ", new TreeSet<>(known)) + ", or deploy an inspector of it");
    }
}
