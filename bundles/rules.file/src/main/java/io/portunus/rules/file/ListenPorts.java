// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlForms;
import io.portunus.config.api.TomlSection;
import io.portunus.model.PortRange;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code listen_port} or {@code listen_ports} of one rule. */
final class ListenPorts {
    /** Most entries of one list; more ports are written as ranges. */
    static final int MAX_ENTRIES = 1024;

    private static final String ONE = "listen_port";
    private static final String MANY = "listen_ports";

    private final TomlSection rule;

    ListenPorts(TomlSection rule) {
        this.rule = rule;
    }

    /** The ranges in the order written; empty if something is wrong with them. */
    List<PortRange> read() {
        if (rule.has(ONE) && rule.has(MANY)) {
            rule.problem(ProblemCode.CONFLICTING_KEYS, MANY, "the rule has listen_port and listen_ports; keep one of them");
            return List.of();
        }
        if (rule.has(MANY)) {
            return many();
        }
        if (!rule.has(ONE)) {
            rule.problem(ProblemCode.MISSING_KEY, ONE, "the rule listens nowhere; add listen_port = 1 to 65535, or listen_ports");
            return List.of();
        }
        if (rule.raw(ONE).orElseThrow() instanceof String text) {
            rule.problem(ProblemCode.WRONG_TYPE, ONE, "the value is a string; write one port as a number without quotes, several as"
                + " listen_ports = " + TomlSection.echo(text).replace('\'', '"'));
            return List.of();
        }
        Optional<Long> port = rule.number(ONE, 1, PortRange.MAX_PORT, RuleCode.RANGE_INVALID);
        return port.map(p -> List.of(PortRange.of(Math.toIntExact(p)))).orElse(List.of());
    }

    private List<PortRange> many() {
        return switch (rule.raw(MANY).orElseThrow()) {
            case String text -> text(text);
            case TomlArray array -> array(array);
            case Object other -> {
                rule.problem(ProblemCode.WRONG_TYPE, MANY, "the value is " + TomlSection.typeOf(other)
                    + "; write \"8000-8010\", \"80,443\" or [80, 443, \"8000-8010\"]");
                yield List.of();
            }
        };
    }

    private List<PortRange> text(String text) {
        String[] parts = text.split(",", -1);
        if (tooMany(parts.length)) {
            return List.of();
        }
        List<PortRange> ranges = new ArrayList<>();
        for (String part : parts) {
            try {
                ranges.add(PortRange.parse(part.strip()));
            } catch (IllegalArgumentException noRange) {
                rule.problem(RuleCode.RANGE_INVALID, MANY, TomlForms.sentence(noRange) + "; write \"8000-8010\" or \"80,443\"");
                return List.of();
            }
        }
        return ranges;
    }

    private List<PortRange> array(TomlArray array) {
        if (array.size() == 0) {
            rule.problem(RuleCode.RANGE_INVALID, MANY, "the list is empty; name at least one port");
        }
        if (array.size() == 0 || tooMany(array.size())) {
            return List.of();
        }
        List<PortRange> ranges = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            element(array, i).ifPresent(ranges::add);
        }
        return ranges.size() == array.size() ? ranges : List.of();
    }

    private Optional<PortRange> element(TomlArray array, int index) {
        Object value = array.get(index);
        if (!(value instanceof Long) && !(value instanceof String)) {
            rule.elementProblem(ProblemCode.WRONG_TYPE, MANY, array, index, "the value is " + TomlSection.typeOf(value)
                + "; write a port as a number, a range in quotes");
            return Optional.empty();
        }
        try {
            return Optional.of(PortRange.parse(value.toString().strip()));
        } catch (IllegalArgumentException noRange) {
            rule.elementProblem(RuleCode.RANGE_INVALID, MANY, array, index, TomlForms.sentence(noRange)
                + "; write a port as a number, a range in quotes");
            return Optional.empty();
        }
    }

    private boolean tooMany(int entries) {
        if (entries > MAX_ENTRIES) {
            rule.problem(RuleCode.RANGE_INVALID, MANY, "the list has " + entries + " entries; write at most " + MAX_ENTRIES
                + ", neighbouring ports as a range");
        }
        return entries > MAX_ENTRIES;
    }
}
