// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.util.stream.Collectors.joining;

import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What {@code flows} and {@code kill} print. */
final class FlowsText {
    static final Syntax FLOWS = new Syntax("portunus:flows [-r RULE] [-n LIMIT]", Set.of("-r", "-n"), Set.of(), 0);
    /** Most flows that one {@code kill} ends. */
    static final int MAX_KILLS = 1000;
    static final Syntax KILL = Syntax.words("portunus:kill ID...", MAX_KILLS);
    /** Flows printed unless {@code -n} asks for another number. */
    static final int DEFAULT_LIMIT = 50;
    /** Most flows printed. */
    static final int MAX_LIMIT = 100_000;

    private FlowsText() {
    }

    /** Live flows, oldest first. */
    static String flows(NodeParts parts, List<FlowView> live, String... args) {
        Syntax.Typed typed = FLOWS.parse(args);
        int limit = typed.number("-n", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        Optional<String> rule = typed.value("-r");
        List<FlowView> wanted = live.stream().filter(f -> rule.isEmpty() || rule.get().equals(f.rule())).toList();
        if (wanted.isEmpty()) {
            rule.ifPresent(parts::requireRule);
            return rule.isEmpty() ? "there are no live flows" : "the rule '" + Printable.escape(rule.get()) + "' has no live flows";
        }
        TextTable table = new TextTable(">ID", ">AGE", "RULE", "NAME", "PEER", "TARGET", "STATE", ">IN", ">OUT", "HANDLERS");
        wanted.stream().limit(limit).forEach(f -> table.row(Long.toString(f.id()), Amounts.age(f.age()), f.rule(),
            f.serverName().orElse(""), f.peer(), f.target(), f.state().name().toLowerCase(Locale.ROOT),
            Amounts.bytes(f.bytesIn()), Amounts.bytes(f.bytesOut()), handlers(f)));
        String more = wanted.size() > limit ? "\nthe oldest " + limit + " of " + wanted.size() + "; -n LIMIT shows more" : "";
        return table.render() + more;
    }

    private static String handlers(FlowView flow) {
        return flow.handlers().entrySet().stream().map(e -> BundleName.briefest(e.getKey()) + " " + e.getValue()).sorted().collect(joining(", "));
    }

    /** Ends flows; reads every id before it ends the first. */
    static String kill(NodeParts parts, Actor by, String... args) {
        List<Long> ids = new ArrayList<>();
        for (String word : KILL.parse(args).words()) {
            if (word.isEmpty() || word.length() > 18 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw KILL.refuse("'" + Printable.escape(word) + "' is no id of a flow, as 'portunus:flows' lists them; nothing was ended");
            }
            ids.add(Long.valueOf(word));
        }
        if (ids.isEmpty()) {
            throw KILL.refuse("which flow? Give its id, as 'portunus:flows' lists it");
        }
        ForwardingEngine engine = Needed.ENGINE.of(parts.engine);
        StringBuilder text = new StringBuilder();
        List<Long> ended = new ArrayList<>();
        for (long id : ids) {
            boolean live = engine.kill(id);
            text.append(text.isEmpty() ? "" : "\n").append("flow ").append(id).append(live ? ": ended" : ": there is no such flow");
            if (live) {
                ended.add(id);
            }
        }
        String subject = ids.stream().map(String::valueOf).collect(joining(" "));
        String which = ended.stream().map(String::valueOf).collect(joining(" "));
        parts.changed(by, new NodeParts.What("flow.kill", subject), ended.isEmpty() ? "" : "live: " + which, ended.isEmpty() ? "" : "ended: " + which,
            ended.isEmpty() ? ProblemCode.NOT_FOUND.code() : "done");
        if (ended.isEmpty()) {
            throw new CommandRefused(text.toString());
        }
        return text.toString();
    }
}
