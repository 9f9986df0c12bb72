// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TomlSection;
import io.portunus.model.ProblemCode;
import io.portunus.model.TargetGroup;
import java.util.List;
import java.util.Optional;

/** Reads what other tables than {@code [[rule]]} set for rules; what is absent or wrong reads as its default. */
final class TomlDefaults {
    /** Protocols that a rule may name; only the first is built. */
    static final List<String> PROTOCOLS = List.of("tcp", "udp");

    private static final int TARGETS = 8;

    private TomlDefaults() {
    }

    /** Reads most targets of a rule, in {@code [limits]}. */
    static int maxTargets(TomlSection top) {
        return top.tableOf("limits").flatMap(s -> s.number("max_targets", 1, TargetGroup.MAX_TARGETS, ProblemCode.INVALID_VALUE))
            .orElse((long) TARGETS).intValue();
    }

    /** Reads {@code [defaults]}: whether rules prefer IPv6. */
    static boolean preferIpv6(TomlSection top) {
        Optional<TomlSection> defaults = top.tableOf("defaults");
        defaults.ifPresent(TomlDefaults::protocol);
        return defaults.flatMap(s -> s.flag("prefer_ipv6")).orElse(false);
    }

    /** Checks a key {@code protocol}. */
    static void protocol(TomlSection section) {
        if (section.word("protocol", PROTOCOLS).filter("udp"::equals).isPresent()) {
            section.problem(TomlSection.NOT_SUPPORTED_YET, "protocol", "this release does not forward udp yet; write tcp, or remove the rule");
        }
    }
}
