// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableChanges;
import io.portunus.config.api.Taken;
import io.portunus.config.api.Taken.Unbound;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import io.portunus.node.api.ConfigReload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes the file again. Thread-safe: one reload after the other, and none beside the first taking of its tables. */
final class Reload implements ConfigReload {
    /** How the change is called. */
    static final String CHANGE = "config.reload";

    /** How long a table's listener waits for a port that a surface of the node leaves: the surface moves on a thread of its own. */
    private static final Duration SURFACE_MOVES = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofMillis(20);

    private final ConfigInForce inForce;
    private final Takers takers;
    private final FileCheck check = new FileCheck();
    private final ReloadEvents events;
    private final Runnable first;
    /** Counted down when there is nothing to reload any more; ends waits. */
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A reload.
     *
     * @param inForce what the node runs by; it has a file without problems
     * @param takers put its tables in force
     * @param events writes the result of a reload
     * @param first what is done at each reload, whatever becomes of it
     */
    Reload(ConfigInForce inForce, Takers takers, ReloadEvents events, Runnable first) {
        this.inForce = inForce;
        this.takers = takers;
        this.events = events;
        this.first = first;
    }

    /**
     * What was done.
     *
     * @param report for who asked
     * @param taken what became of the tables that are read by code
     */
    private record Done(Report report, Taken taken) {
    }

    /** Gives the tables of a kind that are in force already to who takes them, as at start; empty if there are none, or he has gone. */
    Optional<Taken> publish(String kind) {
        return inForce.alone(() -> {
            Optional<Taken> taken = takers.take(current(), kind);
            if (check.last().isEmpty()) {
                check.taken(events.now());
            }
            return taken;
        });
    }

    /** Whether the file is one that could be started with. */
    FileCheck check() {
        return check;
    }

    @Override
    public Report reload(Actor by) {
        first.run();
        return inForce.alone(() -> {
            Config before = current();
            Instant began = events.now();
            Done done = closed.getCount() == 0 ? stopped(before) : done(before);
            Report report = done.report();
            if (report.result() == Result.REFUSED) {
                check.refused(events.now(), report.problems());
            } else {
                check.taken(events.now());
            }
            events.write(by, began, before.revision(), report, done.taken());
            return report;
        });
    }

    @Override
    public Optional<Last> last() {
        return check.last();
    }

    /** No reload begins any more; one that is under way ends soon, and is not waited for. */
    void close() {
        closed.countDown();
    }

    private Config current() {
        return inForce.config().orElseThrow(() -> new AssertionError("nothing is reloaded before something was loaded"));
    }

    private Done done(Config before) {
        return switch (inForce.read()) {
            case Reading.Bad bad -> refused(before, bad.problems());
            case Reading.Good good -> good.config().equals(before) && inForce.settled() ? unchanged(before) : taken(before, good);
        };
    }

    private Done unchanged(Config before) {
        Taken taken = takers.retry(before);
        return new Done(new Report(Result.UNCHANGED, before.revision(), List.of(), List.of(), List.of(), List.of(), taken.problems()), taken);
    }

    /** The tables that are read by code go first: a surface may need a port that a rule leaves. */
    private Done taken(Config before, Reading.Good good) {
        Config after = good.config();
        List<Problem> impossible = SurfaceChecks.check(before, good, inForce::ownPort);
        if (impossible.isEmpty()) {
            impossible = takers.missing(after);
        }
        if (!impossible.isEmpty()) {
            return refused(before, impossible);
        }
        Taken taken = takers.take(before, after);
        if (!taken.inForce()) {
            inForce.unsettled();
            return refused(before, taken.refused());
        }
        Optional<Problem> unstored = inForce.replace(before, after);
        if (unstored.isPresent()) {
            takers.take(after, before);
            return refused(before, List.of(unstored.get()));
        }
        Taken last = awaitSurfaces(before, after, taken.unbound()) ? takers.retry(after) : taken;
        TableChanges changes = after.changesSince(before);
        return new Done(new Report(Result.APPLIED, after.revision(), changes.added(), changes.changed(), changes.removed(),
            after.settingsThatDiffer(before), last.problems()), last);
    }

    /** Whether a listener that was not bound may be now, because a surface had its port and has left it. */
    private boolean awaitSurfaces(Config before, Config after, List<Unbound> unbound) {
        List<ListenAddress> wanted = SurfaceChecks.left(before, after).stream()
            .filter(left -> unbound.stream().anyMatch(listener -> listener.key().port() == left.port())).toList();
        boolean free = false;
        for (long ticks = SURFACE_MOVES.dividedBy(TICK); !wanted.isEmpty() && !free && ticks > 0 && !pause(); ticks--) {
            free = wanted.stream().allMatch(left -> PortProbe.problem("", left).isEmpty());
        }
        return free;
    }

    /** Waits a moment; true if there is no point in going on. */
    private boolean pause() {
        try {
            return closed.await(TICK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static Done refused(Config before, List<Problem> problems) {
        return new Done(new Report(Result.REFUSED, before.revision(), List.of(), List.of(), List.of(), List.of(), problems), Taken.WELL);
    }

    private static Done stopped(Config before) {
        return refused(before, List.of(Problem.of(ProblemCode.COMPONENT_MISSING, "config",
            "who reads the file is stopping; reload again when it is back")));
    }
}
