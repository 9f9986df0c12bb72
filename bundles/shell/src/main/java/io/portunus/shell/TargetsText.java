// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.TargetView;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What {@code targets}, {@code drain} and {@code undrain} print. */
final class TargetsText {
    static final Syntax TARGETS = new Syntax("portunus:targets [-r RULE]", Set.of("-r"), Set.of(), 0);
    /** Stands in front of a host that the service above names. */
    private static final String OF_SERVICE = "- ";
    static final Syntax DRAIN = Syntax.words("portunus:drain RULE TARGET", 2);
    static final Syntax UNDRAIN = Syntax.words("portunus:undrain RULE TARGET", 2);

    private TargetsText() {
    }

    static String targets(NodeParts parts, List<TargetView> targets, String... args) {
        Syntax.Typed typed = TARGETS.parse(args);
        Instant now = parts.clock.instant();
        List<TargetView> wanted = targets.stream().filter(t -> typed.value("-r").filter(rule -> !rule.equals(t.rule())).isEmpty()).toList();
        if (wanted.isEmpty()) {
            typed.value("-r").ifPresent(parts::requireRule);
            return typed.value("-r").map(rule -> Printable.escape("the rule " + rule + " has no targets"))
                .orElse("there are no targets");
        }
        TextTable table = new TextTable("RULE", "TARGET", ">PRIO", ">WEIGHT", "STATE", "SINCE", "WHY", ">ACTIVE", ">CONNECTED", ">FAILED",
            "ADDRESSES");
        for (TargetView target : wanted) {
            row(table, target, target.target(), now);
            target.hosts().forEach(host -> row(table, host, OF_SERVICE + host.target(), now));
        }
        return table.render();
    }

    private static void row(TextTable table, TargetView target, String shown, Instant now) {
        TargetView.Counts counts = target.counts();
        table.row(target.rule(), shown, Integer.toString(target.priority()), Integer.toString(target.weight()),
            target.state().code(), Amounts.age(Duration.between(target.since(), now)), target.reason(), Long.toString(counts.active()),
            Long.toString(counts.connections()), Long.toString(counts.failures()),
            target.names().map(names -> names(names, target.hosts().isEmpty())).orElse(""));
    }

    /** The hosts of a service have lines of their own. */
    private static String names(TargetView.Resolution names, boolean withEndpoints) {
        String known = withEndpoints ? String.join(" ", names.endpoints()) : "";
        return names.problem().isEmpty() ? known : (known + " (" + names.problem() + ")").strip();
    }

    static String drain(NodeParts parts, Actor by, boolean drained, String... args) {
        Syntax syntax = drained ? DRAIN : UNDRAIN;
        Syntax.Typed typed = syntax.parse(args);
        if (typed.words().size() != 2) {
            throw syntax.refuse("which target of which rule?");
        }
        String rule = typed.words().getFirst();
        String target = typed.words().getLast();
        ForwardingEngine engine = Needed.ENGINE.of(parts.engine);
        boolean found = engine.drainTarget(rule, target, drained);
        parts.changed(by, new NodeParts.What(drained ? "target.drain" : "target.undrain", rule + " " + target), "",
            found && drained ? "drained" : "", found ? "done" : ProblemCode.NOT_FOUND.code());
        if (!found) {
            parts.requireRule(rule);
            throw new CommandRefused(Printable.escape("the rule " + rule + " has no target " + target) + "; 'portunus:targets' lists them");
        }
        return Printable.escape(drained ? target + " gets no new connections of " + rule + "; those it has it keeps"
            : target + " gets new connections of " + rule + " again");
    }
}
