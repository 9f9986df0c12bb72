// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.helpers.NOPLogger;

/** A process that publishes other rules again and again, until it is killed. */
final class KilledWriter {
    static final String SOURCE = "edge-agent";

    private KilledWriter() {
    }

    /** Publishes without end; writes no output. */
    public static void main(String[] arguments) {
        for (int revision = 0;; revision++) {
            // A writer of its own each time, so that none waits between two times of writing.
            try (LastSets sets = LastSets.in(Path.of(arguments[0]))) {
                new RulesInForce(new FakeEngine(), new RuleEvents(NOPLogger.NOP_LOGGER), InstantSource.system(), sets).publish(SOURCE, set(revision));
            }
        }
    }

    /** As many rules as take a while to write, all of which say the revision. */
    static RuleSet set(int revision) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rules.add(Rule.of(i, "rule-" + i, List.of(PortRange.of(1000 + i)), Match.ANY, TargetAddress.parse("target-" + revision + ".test:80")));
        }
        return new RuleSet("r" + revision, rules);
    }
}
