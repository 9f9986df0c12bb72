// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleSet;
import io.portunus.node.api.RulePublisher;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the file's rules in force, and makes a problem of what should never happen. Thread-safe. */
final class Publication {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final RulePublisher publisher;

    Publication(RulePublisher publisher) {
        this.publisher = publisher;
    }

    /** Publishes; blocks until the listeners are bound or have failed. */
    List<Problem> publish(RuleSet rules) {
        try {
            return publisher.publish(rules);
        } catch (RuntimeException lastResort) {
            LOG.atError().addKeyValue("event", "rules.publish_failed").setCause(lastResort).log("the rules could not be put in force");
            return List.of(Problem.of(ProblemCode.COMPONENT_MISSING, "rule",
                "the rules could not be put in force (" + lastResort + "); the log has the trace"));
        }
    }

    /**
     * The problems that kept the set from being in force. A listener that could not be bound, or a rule whose kind nobody recognises, is none
     * of them: the set is in force, and the engine's own check follows both as they come and go.
     */
    static List<Problem> refusals(List<Problem> published) {
        return published.stream().filter(p -> !unbound(p) && !unrecognised(p)).toList();
    }

    /** Whether it is of a listener that could not be bound. */
    static boolean unbound(Problem problem) {
        return problem.path().startsWith("listen ");
    }

    /** Whether it is of a kind that nobody recognises. */
    static boolean unrecognised(Problem problem) {
        return problem.code() == ProblemCode.NO_HANDLER;
    }
}
