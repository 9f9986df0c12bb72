// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs what changed between two rule sets: {@code rule.activated}, {@code rule.failed}, {@code rule.removed}. Stateless. */
final class RuleEvents {
    private final Logger log;

    RuleEvents(Logger log) {
        this.log = log;
    }

    /** Logs one event for each rule whose content or state differs; a disabled rule holds nothing and counts as removed. */
    void changed(List<RuleStatus> before, List<RuleStatus> after) {
        Map<Long, RuleStatus> known = new HashMap<>();
        before.stream().filter(s -> s.state() != State.DISABLED).forEach(s -> known.put(s.rule().id(), s));
        for (RuleStatus now : after) {
            if (now.state() != State.DISABLED && !now.equals(known.remove(now.rule().id()))) {
                report(now);
            }
        }
        known.values().forEach(gone -> event(log.atInfo(), "rule.removed", gone.rule()).log("rule removed"));
    }

    private void report(RuleStatus status) {
        if (status.state() == State.ACTIVE) {
            event(log.atInfo(), "rule.activated", status.rule()).log("rule activated");
            return;
        }
        Problem first = status.problems().getFirst();
        event(log.atError(), "rule.failed", status.rule())
            .addKeyValue("reason", first.code().code())
            .addKeyValue("listener", first.path())
            .addKeyValue("failed_listeners", status.problems().size())
            .log(first.text());
    }

    /** The first four values are the predecessor's, which knows one range of ports for a rule; ours follow. */
    private static LoggingEventBuilder event(LoggingEventBuilder builder, String event, Rule rule) {
        PortRange first = rule.listen().getFirst();
        return builder.addKeyValue("event", event)
            .addKeyValue("rule_id", rule.idText())
            .addKeyValue("listen_port", first.first())
            .addKeyValue("listen_port_end", first.last())
            .addKeyValue("range_size", first.width())
            .addKeyValue("rule", rule.idText())
            .addKeyValue("rule_name", rule.name())
            .addKeyValue("listen", String.join(",", rule.listen().stream().map(r -> r.toString()).toList()))
            .addKeyValue("target", rule.targets().toString());
    }
}
