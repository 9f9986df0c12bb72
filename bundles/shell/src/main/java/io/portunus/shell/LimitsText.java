// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.util.stream.Collectors.joining;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What {@code limits} prints. */
final class LimitsText {
    static final Syntax SYNTAX = new Syntax("portunus:limits [-r RULE]", Set.of("-r"), Set.of(), 0);

    private LimitsText() {
    }

    static String limits(NodeParts parts, List<LimitView> limits, String... args) {
        Optional<String> rule = SYNTAX.parse(args).value("-r");
        List<LimitView> wanted = limits.stream().filter(its -> rule.isEmpty() || its.ofRule() && rule.get().equals(its.name())).toList();
        if (wanted.isEmpty()) {
            rule.ifPresent(parts::requireRule);
            return rule.map(name -> Printable.escape("the rule " + name + " sets no limits")).orElse("nothing is limited");
        }
        Instant now = parts.clock.instant();
        TextTable table = new TextTable("OF", "NAME", "POLICY", "USE", "REFUSED", "LAST", "HELD BACK", "DROPPED", "SET");
        wanted.forEach(its -> table.row(its.scope(), its.name(), its.policy(), pairs(its.use()), refused(its.counts().refused()),
            its.counts().last().map(last -> last(last, now)).orElse(""), heldBack(its.counts().heldBack()),
            bothWays(its.counts().droppedIn(), its.counts().droppedOut()), pairs(its.set())));
        return table.render();
    }

    private static String pairs(Map<String, ?> values) {
        return new TreeMap<>(values).entrySet().stream().map(its -> its.getKey() + " " + its.getValue()).collect(joining(", "));
    }

    /** What has not occurred is left out. */
    private static String refused(Map<CloseReason, Long> refused) {
        Map<String, Long> byCode = new TreeMap<>();
        refused.forEach((reason, count) -> {
            if (count > 0) {
                byCode.put(reason.code(), count);
            }
        });
        return pairs(byCode);
    }

    private static String last(LimitCounts.Refusal last, Instant now) {
        return last.client() + " by " + last.reason().code() + " " + Amounts.age(Duration.between(last.at(), now)) + " ago";
    }

    private static String heldBack(HeldBack held) {
        return held.equals(HeldBack.NONE) ? "" : "in " + Amounts.age(held.in()) + ", out " + Amounts.age(held.out());
    }

    private static String bothWays(long in, long out) {
        return in == 0 && out == 0 ? "" : "in " + in + ", out " + out;
    }
}
