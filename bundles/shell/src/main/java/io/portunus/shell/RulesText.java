// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.util.stream.Collectors.joining;

import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.RuleCounts;
import io.portunus.model.ListenKey;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Protocols;
import io.portunus.model.Rule;
import io.portunus.node.api.RuleStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code rules} prints: one line a rule, and below the table why rules failed. */
final class RulesText {
    static final Syntax SYNTAX = Syntax.words("portunus:rules", 0);

    private RulesText() {
    }

    /** The table; without counts when no engine is there to count. */
    static String render(List<RuleStatus> statuses, Optional<EngineCounts> counts) {
        if (statuses.isEmpty()) {
            return "there are no rules";
        }
        Map<String, RuleCounts> byId = counts.map(EngineCounts::rules).orElse(List.of()).stream()
            .collect(Collectors.toMap(RuleCounts::ruleId, Function.identity(), (a, b) -> a));
        TextTable table = new TextTable("ID", "RULE", "STATE", "LISTEN", "MATCH", "TARGETS", ">ACTIVE", ">TOTAL", ">IN", ">OUT");
        StringBuilder problems = new StringBuilder();
        for (RuleStatus status : statuses) {
            Rule rule = status.rule();
            Optional<RuleCounts> count = Optional.ofNullable(byId.get(rule.idText()));
            table.row(rule.idText(), rule.name(), status.state().name().toLowerCase(Locale.ROOT), listen(rule),
                asks(rule), rule.targets().toString(),
                count.map(c -> Long.toString(c.active())).orElse(""), count.map(c -> Long.toString(c.total())).orElse(""),
                count.map(c -> Amounts.bytes(c.bytesIn())).orElse(""), count.map(c -> Amounts.bytes(c.bytesOut())).orElse(""));
            status.problems().forEach(p -> problems.append('\n').append(Printable.escape(rule.name() + ": " + sentence(p))));
        }
        return table.render() + problems;
    }

    /** A problem in one line; a table escapes it, others have to. */
    static String sentence(Problem problem) {
        return (problem.path().isEmpty() ? "" : problem.path() + ": ") + problem.text() + " (" + problem.code().code() + ")";
    }

    /** The name it requires; else the kind; empty when every connection will do. */
    private static String asks(Rule rule) {
        return rule.match().name().map(Object::toString).or(() -> rule.match().kind()).orElse("");
    }

    private static String listen(Rule rule) {
        String any = ListenKey.tcp(rule.bind(), 0).toString();
        return any.substring(0, any.length() - 1) + rule.listen().stream().map(PortRange::toString).collect(joining(","))
            + (rule.protocols() == Protocols.TCP ? "" : "/" + rule.protocols().code());
    }
}
