// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * What can be wrong with rules that are well-formed each by itself: shapes that do not fit, and rules that get in each other's way. A
 * pure function: the file, the edge and the controller ask it the same. Of two rules that conflict the later one is blamed, with the
 * path {@code rule[<its place, from 0>].<key>}. One method a problem code. A rule that is not enabled holds no port, but its shape is checked.
 */
public final class RuleChecks {
    /** Most pairs of rule and port in one set: four times all ports there are. It bounds what a check or a table can cost. */
    public static final int MAX_CLAIMS = 4 * 65536;

    private final Findings findings;
    private final List<Rule> rules;

    private RuleChecks(Findings findings) {
        this.findings = findings;
        this.rules = findings.rules();
    }

    /**
     * A listener of the appliance itself, which rules must leave alone.
     *
     * @param owner who has it, as it is called in a sentence: {@code "the admin surface"}
     * @param key its address and port; port 0 stands for a port the system picks, which reserves nothing
     */
    public record Reserved(String owner, ListenKey key) {
    }

    /**
     * Something that is wrong with a rule.
     *
     * @param place of the rule; empty if only all of them together are to blame
     * @param key of the rule, {@code "listen_port"}; empty if all are to blame
     * @param target place of the target that it is about, from 0; empty if it is about none
     * @param code stable code
     * @param text what is wrong and what to do
     */
    public record Blame(OptionalInt place, String key, OptionalInt target, ProblemCode code, String text) {
        /** The same with the path of a place. */
        Problem problem() {
            return place.isPresent() ? at(place.getAsInt()) : Problem.of(code, "rule", text);
        }

        /** The same as a problem of the rule at another place, as where it is one of a source of several. */
        public Problem at(int other) {
            return target.isPresent() ? Problem.ofTarget(code, other, key, target.getAsInt(), text) : Problem.ofRule(code, other, key, text);
        }
    }

    /** Everything that is wrong with the rules, in the order of the rules within each kind; empty when nothing is. */
    public static List<Problem> check(List<Rule> rules, List<Reserved> reserved) {
        return blame(rules, reserved, place -> "rule[" + place + "] '" + rules.get(place).name() + "'").stream().map(Blame::problem).toList();
    }

    /**
     * The same, by the rules that are to blame.
     *
     * @param names what sentences call the rule of a place
     */
    public static List<Blame> blame(List<Rule> rules, List<Reserved> reserved, IntFunction<String> names) {
        Findings findings = new Findings(List.copyOf(rules), names);
        RuleChecks shapes = new RuleChecks(findings);
        shapes.duplicateName();
        shapes.duplicateId();
        shapes.rangeInvalid();
        new TargetChecks(findings).run();
        shapes.sniOnUnsupportedRule();
        new DatagramChecks(findings).run();
        shapes.tooManyConditions();
        if (!shapes.tooManyPorts()) {
            new PortChecks(findings, List.copyOf(reserved)).run();
        }
        if (findings.blames().isEmpty()) {
            new LoopChecks(findings).run();
        }
        return findings.blames();
    }

    /**
     * The same of the newer set of a difference from one that has no problems: where nothing can be wrong with what differs, the rest is not
     * looked at.
     *
     * @param good the table of the older set, which was found without problems, beside the same reserved listeners
     */
    public static List<Problem> check(ForwardingTable good, RuleDifference change, List<Reserved> reserved) {
        return new HarmlessChange(good, change).certain(reserved) ? List.of() : check(change.after().rules(), reserved);
    }

    private void duplicateName() {
        Map<String, Integer> first = new HashMap<>();
        for (int place = 0; place < rules.size(); place++) {
            Integer earlier = first.putIfAbsent(rules.get(place).name(), place);
            if (earlier != null) {
                findings.add(RuleCode.DUPLICATE_NAME, place, "name", "rule[" + earlier + "] has the name '" + rules.get(place).name()
                    + "' already; names are unique");
            }
        }
    }

    private void duplicateId() {
        Map<Long, Integer> first = new HashMap<>();
        for (int place = 0; place < rules.size(); place++) {
            Integer earlier = first.putIfAbsent(rules.get(place).id(), place);
            // The id may follow from the name, which has been reported then.
            if (earlier != null && !rules.get(earlier).name().equals(rules.get(place).name())) {
                findings.add(RuleCode.DUPLICATE_ID, place, "id", "rule[" + earlier + "] has the id " + rules.get(place).idText()
                    + " already; ids are unique");
            }
        }
    }

    private void rangeInvalid() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            int listen = rule.listenWidth();
            boolean list = rule.listen().size() > 1;
            if (listen == 0) {
                findings.add(RuleCode.RANGE_INVALID, place, Findings.listenKey(rule), "the rule listens on no port; name at least one");
            }
            List<Target> targets = rule.targets().targets();
            for (int i = 0; listen > 0 && i < targets.size(); i++) {
                int width = targets.get(i).address().width();
                boolean service = targets.get(i).address() instanceof TargetAddress.Service;
                if (!service && width != listen && (width > 1 || !list && targets.size() == 1)) {
                    findings.addOfTarget(RuleCode.RANGE_INVALID, place, i, "the rule listens on "
                        + ports(listen) + ", its target " + targets.get(i) + " has " + ports(width) + "; make both equally wide"
                        + (list ? ", or name a single target port" : ""));
                }
            }
        }
    }

    private void sniOnUnsupportedRule() {
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            Optional<PortRange> range = rule.listen().stream().filter(r -> r.width() > 1).findFirst();
            if (rule.match().name().isPresent() && range.isPresent()) {
                findings.add(RuleCode.SNI_ON_UNSUPPORTED_RULE, place, Findings.nameKey(rule), "a rule with a name listens on single ports, "
                    + "not on the range " + range.get() + "; list the ports one by one, or leave the name out");
            }
        }
    }

    private void tooManyConditions() {
        for (int place = 0; place < rules.size(); place++) {
            Match match = rules.get(place).match();
            atMost(Match.MAX_ALPN, match.alpn().size(), place, "match.alpn", "application protocols");
            atMost(SourceFilter.MAX_BLOCKS, match.sources().allow().size(), place, "match.allow", "blocks of addresses");
            atMost(SourceFilter.MAX_BLOCKS, match.sources().deny().size(), place, "match.deny", "blocks of addresses");
        }
    }

    private void atMost(int most, int count, int place, String key, String what) {
        if (count > most) {
            findings.add(ProblemCode.INVALID_VALUE, place, key, "the rule lists " + count + " " + what + ", more than " + most
                + "; join some, or split the rule");
        }
    }

    private boolean tooManyPorts() {
        long total = rules.stream().filter(Rule::enabled).mapToLong(Rule::listeners).sum();
        if (total > MAX_CLAIMS) {
            findings.add(RuleCode.RANGE_INVALID, "the rules together listen on " + total + " ports, more than "
                + MAX_CLAIMS + "; use fewer or narrower ranges");
        }
        return total > MAX_CLAIMS;
    }

    private static String ports(int count) {
        return count == 1 ? "1 port" : count + " ports";
    }
}
