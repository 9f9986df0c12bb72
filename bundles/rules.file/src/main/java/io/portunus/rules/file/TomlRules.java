// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.HostPattern;
import io.portunus.model.IpLiterals;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.RuleChecks;
import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.TomlArray;

/**
 * Reads the {@code [[rule]]} tables. A rule with a broken field still takes part in the checks between rules as far as its sound fields
 * go, so one broken rule hides no problem of another. Confined to one thread.
 */
final class TomlRules {
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_DESCRIPTION_BYTES = 1024;
    private static final int MAX_DRAIN_SECS = 86_400;
    /** What a broken rule is not blamed for a second time. */
    private static final Set<ProblemCode> SHAPES = Set.of(ProblemCode.RANGE_INVALID, ProblemCode.SNI_ON_UNSUPPORTED_RULE);

    private static final String IN_MATCH = "match.";

    private final Defaults defaults;
    private final List<Problem> problems;
    private final List<Draft> drafts = new ArrayList<>();

    /**
     * What rules have that say nothing else.
     *
     * @param preferIpv6 whether a named target is tried by IPv6 first
     * @param drain how long live connections may stay once the rule is gone
     */
    record Defaults(boolean preferIpv6, Duration drain) {
    }

    /**
     * A reader.
     *
     * @param defaults what rules have that say nothing else
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
     * @param broken whether another field was not
     */
    private record Draft(TomlSection section, Rule rule, boolean named, boolean broken) {
    }

    /** Reads every rule; meaningful only if no problem was found. */
    List<Rule> read(TomlSection top, List<Reserved> reserved) {
        Optional<TomlArray> tables = top.value("rule", TomlArray.class, "[[rule]] with two brackets, once for each rule");
        for (int i = 0; i < tables.map(TomlArray::size).orElse(0); i++) {
            if (tables.get().isTable(i)) {
                drafts.add(draft(top.element(tables.get(), "rule", i), i));
            } else {
                top.elementProblem(ProblemCode.WRONG_TYPE, "rule", tables.get(), i, "the value is "
                    + TomlSection.typeOf(tables.get().get(i)) + "; write each rule as a [[rule]] table");
                return List.of();
            }
        }
        if (drafts.isEmpty() && tables.isPresent() || !top.has("rule")) {
            top.problem(ProblemCode.NO_RULES, "rule", "the file has no rule; add a [[rule]] with name, listen_port and target");
        }
        List<Rule> rules = drafts.stream().map(Draft::rule).toList();
        RuleChecks.check(rules, reserved).forEach(this::report);
        return rules;
    }

    private Draft draft(TomlSection section, int index) {
        section.checkKeys("rule");
        Optional<String> name = required(section, "name", section.text("name", 1, MAX_NAME_BYTES));
        TomlSettings.protocol(section);
        Optional<InetAddress> bind = section.string("bind").flatMap(text -> bind(section, text));
        Optional<Match> match = match(section);
        List<PortRange> listen = new ListenPorts(section).read();
        boolean noTarget = section.has("targets") && !section.has("target");
        Optional<TargetAddress> target = noTarget ? Optional.empty()
            : required(section, "target", section.string("target").flatMap(text -> target(section, text)));
        boolean enabled = section.flag("enabled").orElse(true);
        boolean holdsPorts = bind.isPresent() == section.has("bind") && match.isPresent();
        Optional<Long> drain = section.number("drain_secs", 0, MAX_DRAIN_SECS, ProblemCode.INVALID_VALUE);
        String shown = name.orElse("rule[" + index + "]");
        Rule rule = new Rule(RuleIds.id(shown), shown, section.text("description", 0, MAX_DESCRIPTION_BYTES).orElse(""),
            enabled && holdsPorts, bind.filter(a -> !a.isAnyLocalAddress()), listen, match.orElse(Match.ANY), target.orElse(standIn(listen)),
            section.flag("prefer_ipv6").orElse(defaults.preferIpv6()), drain.map(Duration::ofSeconds).orElse(defaults.drain()));
        return new Draft(section, rule, name.isPresent(), !holdsPorts || target.isEmpty() || listen.isEmpty());
    }

    /** A target that fits the ports, in place of one that could not be read. */
    private static TargetAddress standIn(List<PortRange> listen) {
        int width = listen.stream().mapToInt(PortRange::width).sum();
        return new TargetAddress("0.0.0.0", new PortRange(1, Math.clamp(width, 1, PortRange.MAX_PORT)));
    }

    private static <T> Optional<T> required(TomlSection section, String key, Optional<T> value) {
        if (!section.has(key)) {
            section.problem(ProblemCode.MISSING_KEY, key, "the rule has no '" + key + "'; add " + (key.equals("name")
                ? "name = \"…\", unique in the file" : "target = \"host:port\""));
        }
        return value;
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

    /** What the rule wants of a connection; empty if something is wrong with it. */
    private static Optional<Match> match(TomlSection section) {
        Optional<HostPattern> sni = section.string("sni").flatMap(text -> sni(section, text));
        Optional<TomlSection> table = section.section("match", "match = { kind = \"tls\" }");
        Optional<String> kind = table.flatMap(TomlRules::kind);
        if (sni.isPresent() != section.has("sni") || kind.isPresent() != section.has("match")) {
            return Optional.empty();
        }
        if (sni.isPresent() && !kind.orElse(Prelude.TLS).equals(Prelude.TLS)) {
            table.orElseThrow().problem(ProblemCode.CONFLICTING_KEYS, "kind", "the rule has an sni, and only TLS has names, not "
                + TomlSection.echo(kind.orElseThrow()) + "; keep one of them");
            return Optional.empty();
        }
        return Optional.of(sni.isPresent() || kind.isEmpty() ? Match.ofSni(sni) : Match.ofKind(kind.get()));
    }

    private static Optional<String> kind(TomlSection match) {
        match.checkKeys("rule.match");
        Optional<String> kind = match.string("kind");
        if (!match.has("kind")) {
            match.problem(ProblemCode.MISSING_KEY, "kind", "the match has no 'kind'; write match = { kind = \"tls\" }, or remove it");
        }
        if (kind.isPresent() && !Match.isKind(kind.get())) {
            match.problem(ProblemCode.INVALID_VALUE, "kind", TomlSection.echo(kind.get()) + " is no kind of protocol; write lower-case"
                + " letters, digits and dashes, a letter first, at most " + Match.MAX_KIND);
            return Optional.empty();
        }
        return kind;
    }

    private static Optional<HostPattern> sni(TomlSection section, String text) {
        try {
            return Optional.of(HostPattern.parse(text));
        } catch (IllegalArgumentException malformed) {
            section.problem(ProblemCode.SNI_PATTERN_MALFORMED, "sni", sentence(malformed)
                + "; write a host name, or '*.' and its parent");
            return Optional.empty();
        }
    }

    private static Optional<TargetAddress> target(TomlSection section, String text) {
        if (text.contains("://")) {
            section.problem(ProblemCode.INVALID_TARGET_HOST, "target", TomlSection.echo(text) + " has a scheme; write host:port only");
            return Optional.empty();
        }
        try {
            return Optional.of(TargetAddress.parse(text));
        } catch (IllegalArgumentException malformed) {
            section.problem(hasBrokenPorts(text) ? ProblemCode.RANGE_INVALID : ProblemCode.INVALID_TARGET_HOST, "target",
                sentence(malformed) + "; write host:port or host:first-last, where the host is a name, an IPv4 address or an [IPv6 address]");
            return Optional.empty();
        }
    }

    /** Whether what follows the host is to blame. */
    private static boolean hasBrokenPorts(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || text.endsWith("]")) {
            return false;
        }
        try {
            return PortRange.parse(text.substring(colon + 1)).width() == 0;
        } catch (IllegalArgumentException noPorts) {
            return true;
        }
    }

    static String sentence(IllegalArgumentException refusal) {
        return String.valueOf(refusal.getMessage());
    }

    /** Gives a problem of the checks its place, and the key that the rule really has. */
    private void report(Problem problem) {
        int open = problem.path().indexOf('[');
        if (open < 0) {
            problems.add(problem.at(drafts.getFirst().section().placeOf("name")));
            return;
        }
        int close = problem.path().indexOf(']');
        Draft draft = drafts.get(Integer.parseInt(problem.path().substring(open + 1, close)));
        String key = problem.path().substring(close + 2);
        boolean known = problem.code() == ProblemCode.DUPLICATE_NAME ? !draft.named() : draft.broken() && SHAPES.contains(problem.code());
        if (!known) {
            boolean matched = key.startsWith(IN_MATCH);
            TomlSection section = matched ? draft.section().section("match").orElse(draft.section()) : draft.section();
            String written = switch (key) {
                case "listen_port" -> draft.section().presentOf("listen_port", "listen_ports");
                case "listen_ports" -> draft.section().presentOf("listen_ports", "listen_port");
                default -> matched ? key.substring(IN_MATCH.length()) : key;
            };
            section.problem(problem.code(), written, problem.text());
        }
    }
}
