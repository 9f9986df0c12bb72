// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.Taken;
import io.portunus.config.api.Taken.Unbound;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.NodeReadiness;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.ReadinessCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reports to the launcher whether the start went well. Thread-safe. The parts of the node come up in any order, so the report waits a bounded
 * time for those that are not there or not ready yet; a rule that cannot be put in force is reported at once. A kind that nobody recognises ends no
 * start: the other rules serve. Nor does a listener that cannot be bound, if the file allows that.
 */
final class StartReport implements Supplier<String>, BooleanSupplier {
    /** What a check has a problem with is asked again after this; checks do not say when they change. */
    private static final Duration TICK = Duration.ofMillis(20);

    private static final List<String> UNDECISIVE = List.of(ReadinessCheck.TARGETS, ReadinessCheck.COMPONENTS);

    private final Duration forMissing;
    private final Duration forProblems;
    private final boolean partial;
    private final List<ReadinessCheck> checks = new CopyOnWriteArrayList<>();
    private final NodeReadiness readiness = new NodeReadiness();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What ends the start at once. */
    private final List<Problem> refused = new CopyOnWriteArrayList<>();
    /** Listeners that could not be bound where the node starts without them. */
    private final List<Problem> without = new CopyOnWriteArrayList<>();

    /**
     * A report of a start that needs every listener.
     *
     * @param forMissing longest wait for parts that are not there
     * @param forProblems longest wait for parts that are there and have problems; not longer than {@code forMissing}
     */
    StartReport(Duration forMissing, Duration forProblems) {
        this(forMissing, forProblems, false);
    }

    /**
     * A report.
     *
     * @param forMissing longest wait for parts that are not there
     * @param forProblems longest wait for parts that are there and have problems; not longer than {@code forMissing}
     * @param partial whether the node starts with the listeners that can be bound
     */
    StartReport(Duration forMissing, Duration forProblems, boolean partial) {
        this.forMissing = forMissing;
        this.forProblems = forProblems;
        this.partial = partial;
    }

    /** Takes a part into account. */
    void add(ReadinessCheck check) {
        checks.add(check);
        signal();
    }

    /** Leaves a part out again. */
    void remove(ReadinessCheck check) {
        checks.remove(check);
        signal();
    }

    /** Takes what became of the file's tables. */
    void taken(Taken taken) {
        refused.addAll(taken.refused());
        (partial ? without : refused).addAll(taken.unbound().stream().map(Unbound::problem).toList());
        signal();
    }

    /** Empty when everything is well, else a sentence a line. */
    @Override
    public String get() {
        lock.lock();
        try {
            long waited = 0;
            while (refused.isEmpty() && waited < patience()) {
                waited += TICK.toNanos() - Math.max(0, changed.awaitNanos(TICK.toNanos()));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        List<Problem> problems = new ArrayList<>(refused);
        List<PartReadiness> parts = readiness.ask(List.copyOf(checks));
        decisive(parts).flatMap(c -> c.problems().stream()).filter(this::ends).forEach(problems::add);
        missing(parts).forEach(name -> problems.add(Problem.of(ProblemCode.COMPONENT_MISSING, name,
            "the part '" + name + "' did not start within " + forMissing.toSeconds() + " s; the log says why")));
        return problems.stream().map(ProblemLine::of).distinct().collect(Collectors.joining("\n"));
    }

    /** Whether what ends the start is in the file: then no bundle is to blame. */
    @Override
    public boolean getAsBoolean() {
        return !refused.isEmpty();
    }

    /** How long the present state is worth waiting for, in nanoseconds. */
    private long patience() {
        List<PartReadiness> parts = readiness.ask(List.copyOf(checks));
        if (!missing(parts).isEmpty()) {
            return forMissing.toNanos();
        }
        return decisive(parts).flatMap(c -> c.problems().stream()).noneMatch(this::mayPass) ? 0 : forProblems.toNanos();
    }

    /** Whether a problem may be gone in a moment, so that it is waited for. */
    private boolean mayPass(Problem problem) {
        return !without.contains(problem);
    }

    /** Whether the node does not start with a problem. */
    private boolean ends(Problem problem) {
        return mayPass(problem) && !problem.code().equals(ProblemCode.NO_HANDLER);
    }

    /** A node whose targets are all dead starts all the same, as they may come back; one of which a part failed forwards without. Both say so. */
    private static Stream<PartReadiness> decisive(List<PartReadiness> parts) {
        return parts.stream().filter(c -> !UNDECISIVE.contains(c.name()));
    }

    private static List<String> missing(List<PartReadiness> parts) {
        List<String> names = parts.stream().map(PartReadiness::name).toList();
        return ReadinessCheck.EXPECTED.stream().filter(n -> !names.contains(n)).toList();
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
