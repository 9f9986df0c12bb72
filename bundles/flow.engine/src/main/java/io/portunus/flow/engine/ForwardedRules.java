// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference.Edit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The rules of the table in force that are enabled. Changed under the lock of the table; the end of a drain, and each flow, reads it. */
final class ForwardedRules {
    private final Map<Long, Rule> rules = new ConcurrentHashMap<>();
    private final LiveFlows flows;
    private final Delay delay;

    /** There is none yet. */
    ForwardedRules(LiveFlows flows, Delay delay) {
        this.flows = flows;
        this.delay = delay;
    }

    int count() {
        return rules.size();
    }

    /** The rule as it is in force; of one that is not any more, what a flow began with. */
    Rule inForce(Rule begun) {
        return rules.getOrDefault(begun.id(), begun);
    }

    /** One rule came, went, or changed. */
    void changed(Edit edit) {
        edit.newerEnabled().ifPresent(rule -> rules.put(rule.id(), rule));
        edit.olderEnabled().filter(rule -> edit.newerEnabled().isEmpty()).ifPresent(rule -> {
            rules.remove(rule.id());
            drainGone(rule);
        });
    }

    /** The flows of a rule that went may stay for its drain; if it has not come back by then, they are ended. */
    private void drainGone(Rule gone) {
        delay.after(gone.drain(), () -> flows.all().stream().filter(f -> !rules.containsKey(gone.id()) && f.of(gone.id()))
            .forEach(f -> f.requestEnd(CloseReason.DRAINED)));
    }
}
