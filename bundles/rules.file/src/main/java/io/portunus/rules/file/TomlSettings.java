// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.IpLiterals;
import io.portunus.model.ProblemCode;
import io.portunus.model.TargetGroup;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads what is the file's own besides the rules; what is absent or wrong reads as its default. */
final class TomlSettings {
    /** Protocols that a rule may name; only the first is built. */
    static final List<String> PROTOCOLS = List.of("tcp", "udp");

    private static final int MAX_LABEL_BYTES = 255;
    private static final int DRAIN_SECS = 30;
    private static final int MAX_DRAIN_SECS = 3600;
    private static final int TARGETS = 8;

    private TomlSettings() {
    }

    /** Reads what {@code [global]} says of the node itself. */
    static ParsedConfig.NodeSettings node(Optional<TomlSection> global) {
        Optional<String> label = global.flatMap(s -> s.text("label", 1, MAX_LABEL_BYTES));
        long drain = global.flatMap(s -> s.number("shutdown_drain_secs", 0, MAX_DRAIN_SECS, ProblemCode.INVALID_VALUE))
            .orElse((long) DRAIN_SECS);
        return new ParsedConfig.NodeSettings(label, Duration.ofSeconds(drain));
    }

    /** Reads most targets of a rule, in {@code [limits]}. */
    static int maxTargets(Optional<TomlSection> limits) {
        return limits.flatMap(s -> s.number("max_targets", 1, TargetGroup.MAX_TARGETS, ProblemCode.INVALID_VALUE))
            .orElse((long) TARGETS).intValue();
    }

    /** Reads {@code [defaults]}: whether rules prefer IPv6. */
    static boolean preferIpv6(TomlSection top) {
        Optional<TomlSection> defaults = top.section("defaults");
        defaults.ifPresent(s -> s.checkKeys("defaults"));
        defaults.ifPresent(TomlSettings::protocol);
        return defaults.flatMap(s -> s.flag("prefer_ipv6")).orElse(false);
    }

    /** Reads {@code dual_stack}, which goes with {@code ::}, or, of a rule, with no address at all: whether IPv4 clients are taken, too. */
    static boolean dualStack(TomlSection section, Optional<InetAddress> address) {
        Optional<Boolean> dual = section.flag("dual_stack");
        boolean six = address.filter(a -> a instanceof Inet6Address && a.isAnyLocalAddress()).isPresent();
        if (dual.isPresent() && address.isPresent() && !six) {
            section.problem(ProblemCode.CONFLICTING_KEYS, "dual_stack", IpLiterals.text(address.get()) + " has clients of one family only; remove"
                + " dual_stack, or listen on :: with dual_stack = true for both");
        } else if (dual.isPresent() && !dual.get() && !section.has("bind") && address.isEmpty()) {
            section.problem(ProblemCode.CONFLICTING_KEYS, "dual_stack", "without bind clients of both families are taken; write bind = \"0.0.0.0\" or"
                + " \"::\" for one of them, or remove dual_stack");
        }
        return six && dual.orElse(false);
    }

    /** Checks a key {@code protocol}. */
    static void protocol(TomlSection section) {
        if (section.word("protocol", PROTOCOLS).filter("udp"::equals).isPresent()) {
            section.problem(ProblemCode.NOT_SUPPORTED_YET, "protocol", "this release does not forward udp yet; write tcp, or remove the rule");
        }
    }
}
