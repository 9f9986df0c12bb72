// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;

/** Whether the file's rules are in force. Thread-safe. A file that was refused later does not count: those before stay in force. */
final class RulesCheck implements ReadinessCheck {
    /** Volatile: set by whoever publishes, read by surfaces. */
    private volatile List<Problem> problems = List.of();

    /** Takes what publishing came to. */
    void published(List<Problem> published) {
        problems = Publication.refusals(published);
    }

    @Override
    public String name() {
        return ReadinessCheck.RULES;
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }
}
