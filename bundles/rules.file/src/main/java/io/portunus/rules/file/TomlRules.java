// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.DeclaredTables;
import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Datagrams;
import io.portunus.model.IpLiterals;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Problem.Subject.OfRule;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocols;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Rule;
import io.portunus.model.RuleChecks;
import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.RuleCode;
import io.portunus.model.Sockets;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the {@code [[rule]]} tables. A rule with a broken field still takes part in the checks between rules as far as its sound fields
 * go, so one broken rule hides no problem of another. Confined to one thread.
 */
final class TomlRules {
    /** No rule at all. */
    static final ProblemCode NO_RULES = new ProblemCode("no_rules", "There is no rule.");
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_DESCRIPTION_BYTES = 1024;
    private static final String RULE = "rule";
    private static final String TARGET = "target";
    private static final String TARGETS = "targets";

    private final Defaults defaults;
    private final List<Problem> problems;
    private final List<Draft> drafts = new ArrayList<>();

    /**
     * What rules have that set nothing else.
     *
     * @param protocols protocols of their ports
     * @param datagrams what holds for sessions
     * @param preferIpv6 whether a named target is tried by IPv6 first
     * @param drain how long live connections may stay once the rule is gone
     * @param maxTargets most targets of a rule
     * @param declared by which what rules set for policies is read
     * @param transports those that a rule may name
     */
    record Defaults(Protocols protocols, Datagrams datagrams, boolean preferIpv6, Duration drain, int maxTargets,
            DeclaredTables declared, List<String> transports) {
    }

    /**
     * A reader.
     *
     * @param defaults what rules have that set nothing else
     * @param problems takes what is wrong
     */
    TomlRules(Defaults defaults, List<Problem> problems) {
        this.defaults = defaults;
        this.problems = problems;
    }

    /**
     * A rule as far as it could be read.
     *
     * @param section its table
     * @param rule the rule, with stand-ins for what is broken
     * @param named whether its name was read
     * @param brokenTargets places of the targets that were not
     * @param brokenTrust whether it was not read of whom a PROXY header is required, and when
     */
    private record Draft(TomlSection section, Rule rule, boolean named, Set<Integer> brokenTargets, boolean brokenTrust) {
        boolean brokenTransport() {
            return section.has("transport") && rule.sockets().transport().isEmpty();
        }

        boolean sharesPort(Draft other) {
            return rule.listen().stream().anyMatch(mine -> other.rule.listen().stream().anyMatch(its ->
                mine.first() <= its.last() && its.first() <= mine.last()));
        }
    }

    /** Reads every rule; meaningful only if no problem was found. */
    List<Rule> read(TomlSection top, List<Reserved> reserved) {
        Optional<TomlArray> tables = top.value(RULE, TomlArray.class, "[[rule]] with two brackets, once for each rule");
        for (int i = 0; i < tables.map(TomlArray::size).orElse(0); i++) {
            if (tables.get().isTable(i)) {
                drafts.add(draft(top.element(tables.get(), RULE, i), i));
            } else {
                top.elementProblem(ProblemCode.WRONG_TYPE, RULE, tables.get(), i, "the value is "
                    + TomlSection.typeOf(tables.get().get(i)) + "; write each rule as a [[rule]] table");
                return List.of();
            }
        }
        if (drafts.isEmpty() && tables.isPresent() || !top.has(RULE)) {
            top.problem(NO_RULES, RULE, "the file has no rule; add a [[rule]] with name, listen_port and target");
        }
        List<Rule> rules = drafts.stream().map(Draft::rule).toList();
        RuleChecks.check(rules, reserved).forEach(this::report);
        return rules;
    }

    /** The rule of a table that stands alone; empty if anything is wrong with it. */
    static Optional<Rule> alone(TomlSection table, Defaults defaults) {
        Rule rule = new TomlRules(defaults, table.problems()).draft(table, 0).rule();
        return Optional.of(rule).filter(sound -> table.problems().isEmpty());
    }

    private Draft draft(TomlSection section, int index) {
        section.checkKeys(RULE);
        Optional<String> name = name(section);
        Protocols protocols = TomlDefaults.protocols(section, defaults.protocols());
        Optional<InetAddress> bind = section.string("bind").flatMap(text -> bind(section, text));
        boolean everywhere = section.dualStack(bind);
        Optional<Match> match = TomlMatch.read(section, protocols);
        List<PortRange> listen = new ListenPorts(section).read();
        TomlTargets.Reading targets = new TomlTargets(section, defaults, listen.stream().mapToInt(PortRange::width).sum()).read();
        Sockets sockets = TomlSockets.sockets(section, defaults.transports());
        int before = problems.size();
        Optional<ProxyTrust> trust = TomlProxy.trust(section);
        boolean brokenTrust = problems.size() > before;
        boolean enabled = section.flag("enabled").orElse(true);
        boolean holdsPorts = bind.isPresent() == section.has("bind") && match.isPresent();
        String shown = name.orElse("rule[" + index + "]");
        Rule rule = new Rule(RuleIds.id(shown), shown, section.text("description", 0, MAX_DESCRIPTION_BYTES).orElse(""),
            enabled && holdsPorts, bind.filter(a -> !everywhere), listen, match.orElse(Match.ANY), targets.group(),
            TomlSockets.timeouts(section, defaults.drain()), sockets, trust)
            .withGovernance(TomlGovernance.read(section, defaults.declared()))
            .withProtocols(protocols).withDatagrams(TomlDatagrams.read(section, protocols, defaults.datagrams()));
        if (protocols == Protocols.UDP) {
            TomlSockets.forDatagrams(section);
        }
        return new Draft(section, rule, name.isPresent(), targets.broken(), brokenTrust);
    }

    private static Optional<String> name(TomlSection section) {
        if (!section.has("name")) {
            section.problem(ProblemCode.MISSING_KEY, "name", "the rule has no 'name'; add name = \"…\", unique in the file");
        }
        return section.text("name", 1, MAX_NAME_BYTES);
    }

    private static Optional<InetAddress> bind(TomlSection section, String text) {
        // The JDK's reader of literals takes brackets too; they belong to an address with a port.
        Optional<InetAddress> address = IpLiterals.parse(text).filter(a -> !a.isMulticastAddress() && !text.startsWith("["));
        if (address.isEmpty()) {
            section.problem(ProblemCode.INVALID_VALUE, "bind", TomlSection.echo(text)
                + " is not an address to listen on; write an IPv4 or IPv6 address of this machine, without port or brackets");
        }
        return address;
    }

    /** Gives a problem of the checks its place, and the key that the rule really has. */
    private void report(Problem problem) {
        if (problem.rule().isEmpty()) {
            problems.add(problem.at(drafts.getFirst().section().placeOf("name")));
            return;
        }
        OfRule blamed = problem.rule().get();
        Draft draft = drafts.get(blamed.place());
        String below = written(draft.section(), blamed.key());
        if (!reported(draft, problem.code(), blamed)) {
            draft.section().problemBelow(problem.code(), below, problem.text());
        }
    }

    /** The spelling of the checks, by the keys that are really there. */
    private static String written(TomlSection rule, String below) {
        return switch (below) {
            case "listen_port" -> rule.presentOf("listen_port", "listen_ports");
            case "listen_ports" -> rule.presentOf("listen_ports", "listen_port");
            case TARGET -> rule.has(TARGETS) ? TARGETS + "[0]" : TARGET;
            default -> below;
        };
    }

    /** Whether it follows from something that was reported already: what stands in for a broken field is not blamed. */
    private boolean reported(Draft draft, ProblemCode code, OfRule blamed) {
        if (code.equals(RuleCode.DUPLICATE_NAME)) {
            return !draft.named();
        }
        if (code.equals(RuleCode.PROXY_TRUST_CONFLICT)) {
            return sharesPort(draft, Draft::brokenTrust);
        }
        if (code.equals(RuleCode.TRANSPORT_CONFLICT)) {
            return sharesPort(draft, Draft::brokenTransport);
        }
        return code.equals(RuleCode.RANGE_INVALID) && draft.rule().listen().isEmpty()
            || blamed.target().filter(draft.brokenTargets()::contains).isPresent();
    }

    private boolean sharesPort(Draft draft, Predicate<Draft> broken) {
        return drafts.stream().anyMatch(other -> broken.test(other) && other.sharesPort(draft));
    }
}
