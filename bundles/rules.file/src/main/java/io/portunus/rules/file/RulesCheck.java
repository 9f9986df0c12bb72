// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.node.api.ConfigReload.Last;
import io.portunus.node.api.ReadinessCheck;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether the file's rules are in force. A file that was refused later keeps nobody from being ready, since those before stay in force; but
 * the next start would fail, so it is shown as degraded. Thread-safe: written by one reload at a time.
 */
final class RulesCheck implements ReadinessCheck {
    /** Most problems of a file that are shown; its reload tells them all. */
    static final int MAX_SHOWN = 16;

    /** Volatile: set by whoever publishes, read by surfaces. */
    private volatile List<Problem> problems = List.of();
    /** Volatile for the same reason. */
    private volatile Optional<Last> last = Optional.empty();

    /** Takes what publishing came to. */
    void published(List<Problem> published) {
        problems = Publication.refusals(published);
    }

    /** The file was taken, or says what is in force. */
    void taken(Instant now) {
        last = Optional.of(new Last(now, now, List.of()));
    }

    /** The file was refused. */
    void refused(Instant now, List<Problem> why) {
        last = Optional.of(new Last(now, last.map(Last::takenAt).orElse(now), why));
    }

    Optional<Last> last() {
        return last;
    }

    @Override
    public String name() {
        return ReadinessCheck.RULES;
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public List<Problem> degraded() {
        return last.map(Last::problems).orElse(List.of()).stream().limit(MAX_SHOWN).map(RulesCheck::onDisk).toList();
    }

    private static Problem onDisk(Problem problem) {
        return new Problem(problem.code(), problem.path(), "the file on disk was refused, the node goes on with the one before, and the next start"
            + " would fail: " + problem.text(), problem.position());
    }
}
