// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TomlSection;
import io.portunus.model.Datagrams;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocols;
import io.portunus.model.TargetGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what other tables than {@code [[rule]]} set for rules; what is absent or wrong reads as its default. */
final class TomlDefaults {
    private static final List<String> PROTOCOLS = Arrays.stream(Protocols.values()).map(Protocols::code).toList();

    private static final int TARGETS = 8;

    private TomlDefaults() {
    }

    /** Reads most targets of a rule, in {@code [limits]}. */
    static int maxTargets(TomlSection top) {
        return top.tableOf("limits").flatMap(s -> s.number("max_targets", 1, TargetGroup.MAX_TARGETS, ProblemCode.INVALID_VALUE))
            .orElse((long) TARGETS).intValue();
    }

    /** Reads {@code prefer_ipv6} of {@code [defaults]}. */
    static boolean preferIpv6(TomlSection top) {
        return defaults(top).flatMap(s -> s.flag("prefer_ipv6")).orElse(false);
    }

    /** Reads {@code protocol} of {@code [defaults]}. */
    static Protocols protocols(TomlSection top) {
        return defaults(top).map(s -> protocols(s, Protocols.TCP)).orElse(Protocols.TCP);
    }

    /** Reads what {@code [defaults]} sets for sessions. */
    static Datagrams datagrams(TomlSection top) {
        return defaults(top).map(s -> TomlDatagrams.flat(s, Datagrams.DEFAULT)).orElse(Datagrams.DEFAULT);
    }

    private static Optional<TomlSection> defaults(TomlSection top) {
        return top.tableOf("defaults");
    }

    /** Reads a key {@code protocol}. */
    static Protocols protocols(TomlSection section, Protocols otherwise) {
        return section.word("protocol", PROTOCOLS).flatMap(Protocols::of).orElse(otherwise);
    }
}
