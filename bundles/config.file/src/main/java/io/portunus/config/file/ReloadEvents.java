// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.Taken;
import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload.Report;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes the result of a reload: {@code config.reloaded}, {@code config.reload_refused}, {@code config.problem}. Thread-safe. */
final class ReloadEvents {
    /** Most problems of one file that get an event of their own; the one that counts them stands for the rest. */
    static final int MAX_PROBLEMS = 256;

    private final Logger log;
    private final InstantSource clock;
    private final String file;
    /** Where changes are written down, while there is such a place. Volatile: it comes and goes by its own. */
    private volatile Optional<ChangeLog> changes = Optional.empty();

    /**
     * Events of one file.
     *
     * @param log takes them
     * @param clock gives the time of a change
     * @param file path of the file
     */
    ReloadEvents(Logger log, InstantSource clock, String file) {
        this.log = log;
        this.clock = clock;
        this.file = file;
    }

    /** Writes changes down there from now on. */
    void bind(ChangeLog newer) {
        changes = Optional.of(newer);
    }

    /** Writes changes down no more, unless another place was given meanwhile. */
    void unbind(ChangeLog gone) {
        if (changes.filter(bound -> bound == gone).isPresent()) {
            changes = Optional.empty();
        }
    }

    /** The time, as events have it. */
    Instant now() {
        return clock.instant();
    }

    /** Writes the events of one reload that began then. */
    void write(Actor by, Instant began, String revisionBefore, Report report, Taken taken) {
        switch (report.result()) {
            case APPLIED -> {
                applied(by, began, report, taken);
                change(by, revisionBefore, report, report.problems().stream().findFirst().map(p -> p.code().code()).orElse("done"));
            }
            case REFUSED -> {
                refused(by, report);
                change(by, revisionBefore, report, report.problems().getFirst().code().code());
            }
            case UNCHANGED -> event(log.atDebug(), "config.unchanged", by).log("the file says the same as before");
        }
    }

    private void applied(Actor by, Instant began, Report report, Taken taken) {
        // The clock may have been set meanwhile.
        long took = Math.max(0, Duration.between(began, clock.instant()).toMillis());
        boolean whole = report.problems().isEmpty();
        event(whole ? log.atInfo() : log.atWarn(), "config.reloaded", by)
            .addKeyValue("revision", report.revision())
            .addKeyValue("added", report.added().size())
            .addKeyValue("changed", report.changed().size())
            .addKeyValue("removed", report.removed().size())
            .addKeyValue("settings", String.join(",", report.settings()))
            .addKeyValue("failed_listeners", taken.unbound().size())
            .addKeyValue("failed_kinds", taken.passive().size())
            .addKeyValue("took_millis", took)
            .log(whole ? "the file was taken again" : "the file was taken again, and not all of it works: "
                + ProblemLine.of(report.problems().getFirst()));
    }

    private void refused(Actor by, Report report) {
        Problem first = report.problems().getFirst();
        event(log.atError(), "config.reload_refused", by)
            .addKeyValue("problems", report.problems().size())
            .addKeyValue("reason", first.code().code())
            .log("the file was not taken, and nothing was changed: " + ProblemLine.of(file, first));
        report.problems().stream().limit(MAX_PROBLEMS).forEach(problem -> problem(event(log.atWarn(), "config.problem", by), problem));
    }

    private static void problem(LoggingEventBuilder event, Problem problem) {
        event.addKeyValue("code", problem.code().code())
            .addKeyValue("path", problem.path())
            .addKeyValue("line", problem.position().map(Position::line).orElse(0))
            .addKeyValue("column", problem.position().map(Position::column).orElse(0))
            .log(problem.text());
    }

    private void change(Actor by, String before, Report report, String word) {
        changes.ifPresent(c -> c.add(new Change(clock.instant(), by, Reload.CHANGE, file, before, report.revision(), word)));
    }

    private LoggingEventBuilder event(LoggingEventBuilder builder, String event, Actor by) {
        return builder.addKeyValue("event", event).addKeyValue("by", by.toString()).addKeyValue("file", file);
    }
}
