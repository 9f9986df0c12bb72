// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TimeBounds;
import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlForms;
import io.portunus.config.api.TomlSection;
import io.portunus.model.IpLiterals;
import io.portunus.model.PortRange;
import io.portunus.model.ProblemCode;
import io.portunus.model.ProxyHeader;
import io.portunus.model.RuleCode;
import io.portunus.model.ServiceNames;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.TargetGroup.AllDown;
import io.portunus.model.TargetGroup.Pick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code target} or {@code targets} of one rule, and how one of them is found. Confined to one thread. */
final class TomlTargets {
    private static final String ONE = "target";
    private static final String MANY = "targets";
    private static final String HOST = "host";
    private static final String SRV = "srv";
    private static final int MAX_PRIORITY = 99;
    private static final int MAX_WEIGHT = 256;
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final TimeBounds SLOW_START = TimeBounds.of("0s", "1h");

    private final TomlSection rule;
    private final TomlRules.Defaults defaults;
    private final int listenWidth;
    private final List<Target> targets = new ArrayList<>();
    private final Set<Integer> broken = new TreeSet<>();
    /** PROXY headers of the targets that have one, broken in other ways or not. */
    private final List<ProxyHeader> headers = new ArrayList<>();
    private boolean headersKnown = true;

    /**
     * The targets as far as they could be read.
     *
     * @param group the targets, with stand-ins for those that are broken
     * @param broken the places of those
     */
    record Reading(TargetGroup group, Set<Integer> broken) {
    }

    /**
     * A reader.
     *
     * @param rule the rule's table
     * @param defaults what rules have that set nothing else
     * @param listenWidth how many ports the rule listens on
     */
    TomlTargets(TomlSection rule, TomlRules.Defaults defaults, int listenWidth) {
        this.rule = rule;
        this.defaults = defaults;
        this.listenWidth = listenWidth;
    }

    /** Reads them. */
    Reading read() {
        TomlProxy proxy = TomlProxy.read(rule);
        if (rule.has(MANY)) {
            many(proxy);
        } else {
            one(header(proxy.silent(), proxy));
        }
        if (headersKnown) {
            proxy.check(headers);
        }
        Pick pick = rule.choice("pick", Pick.values(), Pick::text).orElse(Pick.FIRST);
        AllDown allDown = rule.choice("all_down", AllDown.values(), AllDown::text).orElse(AllDown.OPEN);
        Duration slowStart = rule.time("slow_start", SLOW_START).orElse(Duration.ZERO);
        return new Reading(new TargetGroup(targets, pick, rule.flag("prefer_ipv6").orElse(defaults.preferIpv6()),
            new TomlHealth(rule).read(!headers.isEmpty(), asUrl(targets.getFirst().address())), allDown, rule.flag("close_on_down").orElse(false),
            slowStart), broken);
    }

    /** A service is asked for by its domain, as the hosts that it names are for their makers to know. */
    private static String asUrl(TargetAddress address) {
        return switch (address) {
            case TargetAddress.Host(String host, PortRange _) -> host.indexOf(':') >= 0 ? "[" + host + "]" : withoutDot(host);
            case TargetAddress.Service(String name) -> ServiceNames.domain(name);
        };
    }

    /** A dot at the end is for the resolver; servers do not know themselves by it. */
    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private void one(Optional<ProxyHeader> header) {
        if (!rule.has(ONE)) {
            rule.problem(ProblemCode.MISSING_KEY, ONE, "the rule has no 'target'; add target = \"host:port\", or a service, "
                + "\"_service._tcp.domain\"");
        }
        Optional<TargetAddress> address = rule.string(ONE).flatMap(this::target);
        add(address.map(its -> new Target(its, 0, 1, 0, header, false)));
    }

    private void many(TomlProxy proxy) {
        if (rule.has(ONE)) {
            rule.problem(ProblemCode.CONFLICTING_KEYS, MANY, "the rule has target and targets; keep one of them");
        }
        Optional<TomlArray> tables = rule.value(MANY, TomlArray.class, "[[rule.targets]] with two brackets, once for each target");
        int size = tables.map(TomlArray::size).orElse(0);
        if (tables.isPresent() && size == 0) {
            rule.problem(RuleCode.TARGETS_EMPTY, MANY, "the rule has no target; add { host = \"10.0.0.1\", port = 80 }, or write target = "
                + "\"host:port\"");
        } else if (size > defaults.maxTargets()) {
            rule.problem(RuleCode.TARGETS_TOO_MANY, MANY, "the rule has " + size + " targets; write at most " + defaults.maxTargets()
                + (size <= TargetGroup.MAX_TARGETS ? ", or raise max_targets in [limits]" : ""));
        }
        for (int i = 0; i < size; i++) {
            Optional<Target> target = element(tables.orElseThrow(), i, proxy);
            if (i < defaults.maxTargets()) {
                add(target);
            }
        }
        if (targets.isEmpty()) {
            add(Optional.empty());
        }
    }

    private Optional<ProxyHeader> header(TomlProxy own, TomlProxy ofRule) {
        Optional<ProxyHeader> header = own.header(ofRule);
        header.ifPresent(headers::add);
        return header;
    }

    /** A broken target is stood in for by one that nobody else has and that fits the ports, so that it is blamed for nothing else. */
    private void add(Optional<Target> target) {
        if (target.isEmpty()) {
            broken.add(targets.size());
        }
        targets.add(target.orElseGet(() -> Target.of(new TargetAddress.Host("stand-in-" + targets.size() + ".invalid",
            new PortRange(1, Math.clamp(listenWidth, 1, PortRange.MAX_PORT))))));
    }

    private Optional<Target> element(TomlArray tables, int index, TomlProxy proxy) {
        if (!tables.isTable(index)) {
            rule.elementProblem(ProblemCode.WRONG_TYPE, MANY, tables, index, "the value is " + TomlSection.typeOf(tables.get(index))
                + "; write each target as { host = \"10.0.0.1\", port = 80 }");
            return Optional.empty();
        }
        TomlSection section = rule.element(tables, MANY, index);
        section.checkKeys("rule.targets");
        TomlProxy own = TomlProxy.read(section);
        headersKnown &= own.readable();
        Optional<ProxyHeader> header = header(own, proxy);
        Optional<? extends TargetAddress> address = section.has(SRV) ? service(section) : host(section);
        int priority = (int) section.number("priority", 0, MAX_PRIORITY, ProblemCode.INVALID_VALUE).orElse(0L).longValue();
        int weight = (int) section.number("weight", 1, MAX_WEIGHT, ProblemCode.INVALID_VALUE).orElse(1L).longValue();
        int ceiling = (int) section.number("max_connections", 0, MAX_CONNECTIONS, ProblemCode.INVALID_VALUE).orElse(0L).longValue();
        boolean drained = section.flag("drain").orElse(false);
        return address.map(its -> new Target(its, priority, weight, ceiling, header, drained));
    }

    private static Optional<TargetAddress.Service> service(TomlSection target) {
        if (target.has(HOST)) {
            target.problem(ProblemCode.CONFLICTING_KEYS, SRV, "the target has host and srv; keep one of them");
            return Optional.empty();
        }
        boolean ports = false;
        for (String key : List.of("port", "ports")) {
            if (target.has(key)) {
                ports = true;
                target.problem(ProblemCode.CONFLICTING_KEYS, key, "the target has srv and " + key + ", and the records of a service tell the port of "
                    + "each host; remove " + key + ", or write host in place of srv");
            }
        }
        Optional<TargetAddress.Service> service = target.string(SRV).flatMap(text -> service(target, text));
        return ports ? Optional.empty() : service;
    }

    private static Optional<TargetAddress.Service> service(TomlSection target, String text) {
        try {
            return Optional.of(new TargetAddress.Service(ServiceNames.parse(text)));
        } catch (IllegalArgumentException malformed) {
            target.problem(RuleCode.INVALID_SERVICE_NAME, SRV, TomlForms.sentence(malformed));
            return Optional.empty();
        }
    }

    private static Optional<TargetAddress.Host> host(TomlSection target) {
        if (!target.has(HOST)) {
            target.problem(ProblemCode.MISSING_KEY, HOST, "the target has no 'host'; add host = \"10.0.0.1\", or a name; or srv = "
                + "\"_service._tcp.domain\" in place of host and port");
        }
        Optional<String> host = target.string(HOST).flatMap(text -> host(target, text));
        Optional<PortRange> ports = ports(target);
        return host.isEmpty() || ports.isEmpty() ? Optional.empty() : Optional.of(new TargetAddress.Host(host.get(), ports.get()));
    }

    private static Optional<String> host(TomlSection target, String text) {
        String wrong;
        if (text.isEmpty()) {
            wrong = "the host is empty";
        } else if (text.contains("://")) {
            wrong = TomlSection.echo(text) + " has a scheme";
        } else if (IpLiterals.parse(text).isPresent() && text.indexOf(':') >= 0) {
            wrong = "an IPv6 address is written in brackets, '[" + text + "]'";
        } else if (text.indexOf(':') >= 0 && !text.startsWith("[") || text.indexOf("]:") >= 0) {
            wrong = TomlSection.echo(text) + " has more than a host";
        } else if (ServiceNames.isService(text)) {
            wrong = TomlSection.echo(text) + " is a service, which is written as srv = \"" + text + "\", without a port";
        } else {
            try {
                return Optional.of(TargetAddress.parseHost(text + ":1").host());
            } catch (IllegalArgumentException malformed) {
                wrong = TomlForms.sentence(malformed);
            }
        }
        target.problem(RuleCode.INVALID_TARGET_HOST, HOST, wrong
            + "; write a name, an IPv4 address or an [IPv6 address] here, and its port as 'port'");
        return Optional.empty();
    }

    private static Optional<PortRange> ports(TomlSection target) {
        if (target.has("port") && target.has("ports")) {
            target.problem(ProblemCode.CONFLICTING_KEYS, "ports", "the target has port and ports; keep one of them");
            return Optional.empty();
        }
        if (target.has("ports")) {
            return target.string("ports").flatMap(text -> ports(target, text));
        }
        if (!target.has("port")) {
            target.problem(ProblemCode.MISSING_KEY, "port", "the target has no 'port'; add port = 1 to 65535, or ports = \"9000-9010\"");
        }
        return target.number("port", 1, PortRange.MAX_PORT, RuleCode.RANGE_INVALID).map(port -> PortRange.of(Math.toIntExact(port)));
    }

    private static Optional<PortRange> ports(TomlSection target, String text) {
        try {
            return Optional.of(PortRange.parse(text));
        } catch (IllegalArgumentException noRange) {
            target.problem(RuleCode.RANGE_INVALID, "ports", TomlForms.sentence(noRange) + "; write \"9000-9010\"");
            return Optional.empty();
        }
    }

    private Optional<TargetAddress> target(String text) {
        if (text.contains("://")) {
            rule.problem(RuleCode.INVALID_TARGET_HOST, ONE, TomlSection.echo(text) + " has a scheme; write host:port only");
            return Optional.empty();
        }
        try {
            return Optional.of(TargetAddress.parse(text));
        } catch (IllegalArgumentException malformed) {
            if (ServiceNames.looksLikeService(text)) {
                rule.problem(RuleCode.INVALID_SERVICE_NAME, ONE, TomlForms.sentence(malformed));
                return Optional.empty();
            }
            rule.problem(hasBrokenPorts(text) ? RuleCode.RANGE_INVALID : RuleCode.INVALID_TARGET_HOST, ONE, TomlForms.sentence(malformed)
                + "; write host:port or host:first-last, where the host is a name, an IPv4 address or an [IPv6 address]");
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
}
