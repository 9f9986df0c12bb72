// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleSet;
import io.portunus.node.api.RulePublisher;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the file's rules on a thread of its own, since binding listeners blocks and an activation must not. */
final class FirstPublication implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(FirstPublication.class);

    private final RulePublisher publisher;
    private final RuleSet rules;
    private final Consumer<List<Problem>> done;

    /**
     * A publication.
     *
     * @param publisher takes the rules
     * @param rules the rules
     * @param done gets what is wrong, once, on the publishing thread
     */
    FirstPublication(RulePublisher publisher, RuleSet rules, Consumer<List<Problem>> done) {
        this.publisher = publisher;
        this.rules = rules;
        this.done = done;
    }

    /** Publishes on the thread {@code rules-publish}. */
    Thread start() {
        return Thread.ofVirtual().name("rules-publish").start(this);
    }

    @Override
    public void run() {
        done.accept(publish());
    }

    /**
     * The problems that kept the set from being in force. A listener that could not be bound is none of them: the set is in force, and
     * the engine's own check follows the listener as it comes and goes.
     */
    static List<Problem> refusals(List<Problem> published) {
        return published.stream().filter(p -> !p.path().startsWith("listen ")).toList();
    }

    private List<Problem> publish() {
        try {
            return publisher.publish(rules);
        } catch (RuntimeException lastResort) {
            LOG.atError().addKeyValue("event", "rules.publish_failed").setCause(lastResort).log("the rules could not be put in force");
            return List.of(Problem.of(ProblemCode.COMPONENT_MISSING, "rule",
                "the rules could not be put in force (" + lastResort + "); the log has the trace"));
        }
    }
}
