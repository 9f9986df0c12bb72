// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.ConfigReload.Last;
import io.portunus.node.api.ReadinessCheck;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether the file could be used. One that was refused later keeps nobody from being ready, since what was said before stays in force; but
 * the next start would fail, so it is shown as degraded. Thread-safe: written by one reload at a time.
 */
final class FileCheck implements ReadinessCheck {
    /** Most problems of a file that are shown; its reload reports them all. */
    static final int MAX_SHOWN = 16;

    /** Volatile: set by whoever reads, read by surfaces. */
    private volatile Optional<Last> last = Optional.empty();
    /** Volatile: set at the start, read by surfaces. */
    private volatile List<Problem> waiting = List.of();

    /** The file was taken, or sets what is in force already. */
    void taken(Instant now) {
        last = Optional.of(new Last(now, now, List.of()));
    }

    /** The file was refused. */
    void refused(Instant now, List<Problem> why) {
        last = Optional.of(new Last(now, last.map(Last::takenAt).orElse(now), why));
    }

    /** The node begins, and what the file sets is not in force yet: until it is, nothing can be reloaded either. */
    void waits() {
        waiting = List.of(Problem.of(ProblemCode.COMPONENT_MISSING, "config", "the node starts: what the file sets is not in force yet"));
    }

    /** It is in force, and may be reloaded. */
    void begins() {
        waiting = List.of();
    }

    Optional<Last> last() {
        return last;
    }

    @Override
    public String name() {
        return ReadinessCheck.CONFIG;
    }

    @Override
    public List<Problem> problems() {
        return waiting;
    }

    @Override
    public List<Problem> degraded() {
        return last.map(Last::problems).orElse(List.of()).stream().limit(MAX_SHOWN).map(FileCheck::onDisk).toList();
    }

    private static Problem onDisk(Problem problem) {
        return problem.withText("the file on disk was refused, the node goes on with the one before, and the next start would fail: "
            + problem.text());
    }
}
