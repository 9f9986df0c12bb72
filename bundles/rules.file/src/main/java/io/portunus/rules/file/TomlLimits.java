// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TomlSection;
import io.portunus.model.PolicySettings;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rate;
import io.portunus.model.RateLimit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what limits the connections of a rule: {@code rate_limit = { ... }}, or the same keys in the rule itself. They are settings of a policy;
 * nobody else knows that there are two ways to write them. Stateless.
 */
final class TomlLimits {
    private static final String TABLE = "rate_limit";
    private static final List<String> RATES = List.of(RateLimit.BANDWIDTH_IN_BPS, RateLimit.BANDWIDTH_OUT_BPS);
    private static final List<String> BYTES = List.of(RateLimit.BANDWIDTH_IN_BURST, RateLimit.BANDWIDTH_OUT_BURST);
    private static final List<String> COUNTS = List.of(RateLimit.NEW_CONNECTIONS_PER_SEC, RateLimit.NEW_CONNECTIONS_BURST,
        RateLimit.CONCURRENT_CONNECTIONS, RateLimit.CONCURRENT_CONNECTIONS_BURST);
    private static final List<String> KEYS = List.of(RATES, BYTES, COUNTS).stream().flatMap(List::stream).toList();

    private TomlLimits() {
    }

    /** The settings; empty if the rule has no limit, or none that is right. */
    static Optional<PolicySettings> read(TomlSection rule) {
        Optional<String> flat = KEYS.stream().filter(rule::has).findFirst();
        if (!rule.has(TABLE)) {
            return flat.flatMap(key -> limits(rule));
        }
        Optional<TomlSection> table = rule.section(TABLE, "rate_limit = { bandwidth_in_bps = \"10MiB/s\" }");
        if (flat.isPresent()) {
            rule.problem(ProblemCode.CONFLICTING_KEYS, flat.get(), "the rule has a table rate_limit, too; write all limits in one of the two places");
            return Optional.empty();
        }
        table.ifPresent(its -> its.checkKeys("rule." + TABLE));
        return table.filter(its -> !its.empty()).flatMap(TomlLimits::limits);
    }

    private static Optional<PolicySettings> limits(TomlSection section) {
        Map<String, Object> values = new HashMap<>();
        int before = section.problems().size();
        for (String key : KEYS) {
            number(section, key).ifPresent(value -> values.put(key, value));
        }
        PolicySettings limits = new PolicySettings(values);
        if (section.problems().size() == before) {
            RateLimit.check(limits).forEach(flaw -> section.problem(flaw.code(), flaw.key(), flaw.text()));
        }
        return section.problems().size() == before && !values.isEmpty() ? Optional.of(limits) : Optional.empty();
    }

    private static Optional<Long> number(TomlSection section, String key) {
        if (COUNTS.contains(key) || !section.isText(key)) {
            return section.value(key, Long.class, COUNTS.contains(key) ? "a whole number without quotes" : "bytes as a whole number, or with a unit: "
                + example(key));
        }
        String text = section.string(key).orElse("");
        Optional<Long> number = RATES.contains(key) ? Rate.perSecond(text) : Rate.bytes(text);
        if (number.isEmpty()) {
            section.problem(ProblemCode.INVALID_VALUE, key, TomlSection.echo(text) + " is not an amount of bytes"
                + (RATES.contains(key) ? " a second" : "") + "; write " + example(key));
        }
        return number;
    }

    private static String example(String key) {
        return RATES.contains(key) ? "\"10MiB/s\" or \"80Mbit/s\"" : "\"64KiB\"";
    }
}
