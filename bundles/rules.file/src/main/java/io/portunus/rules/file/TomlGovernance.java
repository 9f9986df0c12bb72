// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.DeclaredTables;
import io.portunus.config.api.TomlArray;
import io.portunus.config.api.TomlSection;
import io.portunus.config.api.TomlTable;
import io.portunus.model.Governance;
import io.portunus.model.Match;
import io.portunus.model.PolicySettings;
import io.portunus.model.ProblemCode;
import io.portunus.model.RateLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads to whom a rule belongs and what it sets for policies. What a policy takes is declared by its bundle; while none does, settings are kept
 * as they are written, and the rule takes nothing, since its policy is missing. Stateless.
 */
final class TomlGovernance {
    private static final String POLICIES = "policies";
    private static final String LABELS = "labels";

    private TomlGovernance() {
    }

    static Governance read(TomlSection rule, DeclaredTables declared) {
        Optional<PolicySettings> limits = TomlLimits.read(rule);
        if (limits.isEmpty() && !rule.has("owner") && !rule.has(LABELS) && !rule.has(POLICIES)) {
            return Governance.NONE;
        }
        Map<String, String> labels = rule.section(LABELS, "a table, { tier = \"gold\" }").map(TomlGovernance::labels).orElse(Map.of());
        Map<String, PolicySettings> policies = rule.section(POLICIES, "a table of tables, { NAME = { key = value } }")
            .map(section -> policies(section, declared)).orElseGet(HashMap::new);
        limits.ifPresent(its -> policies.put(RateLimit.KIND, its));
        return new Governance(rule.text("owner", 1, Governance.MAX_OWNER), labels, policies);
    }

    private static Map<String, String> labels(TomlSection section) {
        Map<String, String> labels = new HashMap<>();
        List<String> keys = section.keys();
        for (String key : keys) {
            if (key.isEmpty() || key.length() > Governance.MAX_LABEL_KEY) {
                section.problem(ProblemCode.INVALID_VALUE, key, "the name of a label has " + key.length() + " characters; write 1 to "
                    + Governance.MAX_LABEL_KEY);
            } else {
                section.text(key, 0, Governance.MAX_LABEL_VALUE).ifPresent(text -> labels.put(key, text));
            }
        }
        return atMost(section, keys, Governance.MAX_LABELS, "labels") ? labels : Map.of();
    }

    private static boolean atMost(TomlSection section, List<String> keys, int most, String what) {
        if (keys.size() > most) {
            section.problem(ProblemCode.INVALID_VALUE, keys.get(most), "the rule has " + keys.size() + " " + what + ", more than " + most
                + "; remove some");
        }
        return keys.size() <= most;
    }

    private static Map<String, PolicySettings> policies(TomlSection section, DeclaredTables declared) {
        Map<String, PolicySettings> policies = new HashMap<>();
        List<String> kinds = section.keys();
        for (String kind : kinds) {
            if (!Match.isKind(kind)) {
                section.problem(ProblemCode.INVALID_VALUE, kind, TomlSection.echo(kind) + " is no name of a policy; write at most "
                    + Match.MAX_KIND + " lower-case letters, digits and dashes, a letter first");
                continue;
            }
            if (kind.equals(RateLimit.KIND)) {
                section.problem(ProblemCode.INVALID_VALUE, kind, "these limits have a table of their own; write"
                    + " rate_limit = { key = value } in the rule");
                continue;
            }
            section.section(kind, "a table, { key = value }, {} if there is nothing to say")
                .ifPresent(its -> policies.put(kind, settings(its, kind, declared)));
        }
        return atMost(section, kinds, Governance.MAX_POLICIES, POLICIES) ? policies : new HashMap<>();
    }

    private static PolicySettings settings(TomlSection section, String kind, DeclaredTables declared) {
        return new PolicySettings(declared.read("rule.policies." + kind, section).orElseGet(() -> asWritten(section)));
    }

    private static Map<String, Object> asWritten(TomlSection section) {
        Map<String, Object> values = new HashMap<>();
        for (String key : section.keys()) {
            Optional<Object> plain = section.raw(key).flatMap(TomlGovernance::plain);
            plain.ifPresentOrElse(value -> values.put(key, value), () -> section.problem(ProblemCode.WRONG_TYPE, key,
                "a policy takes texts, numbers, truth values and lists of these; write one of them"));
        }
        return values;
    }

    private static Optional<Object> plain(Object value) {
        return switch (value) {
            case TomlArray array -> list(array);
            case TomlTable table -> Optional.empty();
            case String text -> Optional.of(text);
            case Long number -> Optional.of(number);
            case Double real -> Optional.of(real);
            case Boolean flag -> Optional.of(flag);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> list(TomlArray array) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            plain(array.get(i)).ifPresent(all::add);
        }
        return all.size() == array.size() ? Optional.of(List.copyOf(all)) : Optional.empty();
    }
}
