// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.ReadinessCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes the file again. Thread-safe: one reload after the other, and none beside the first publication. */
final class Reload implements ConfigReload {
    /** How the change is called. */
    static final String CHANGE = "config.reload";

    /** How long a rule waits for a port that a surface of the node leaves: the surface moves on a thread of its own. */
    private static final Duration SURFACE_MOVES = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofMillis(20);

    private final ConfigInForce inForce;
    private final Publication publication;
    private final ForwardingEngine engine;
    private final RulesCheck check = new RulesCheck();
    private final ReloadEvents events;
    private final Runnable first;
    /** Counted down when there is nothing to reload any more; ends waits. */
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A reload.
     *
     * @param inForce what the node runs by; it has a file without problems
     * @param publication takes the rules
     * @param engine has the listeners that may be tried again
     * @param events told what a reload came to
     * @param first what is done at each reload, whatever becomes of it
     */
    Reload(ConfigInForce inForce, Publication publication, ForwardingEngine engine, ReloadEvents events, Runnable first) {
        this.inForce = inForce;
        this.publication = publication;
        this.engine = engine;
        this.events = events;
        this.first = first;
    }

    /** Publishes what is in force already, as at start. */
    List<Problem> publish() {
        return inForce.alone(() -> {
            List<Problem> published = publication.publish(current().rules());
            check.published(published);
            check.taken(events.now());
            return published;
        });
    }

    /** Whether the rules are in force. */
    ReadinessCheck check() {
        return check;
    }

    /** Stops listening and drains, for as long as the file in force says. */
    void drain() {
        engine.drain(current().node().shutdownDrain());
    }

    @Override
    public Outcome reload(Actor by) {
        first.run();
        return inForce.alone(() -> {
            ParsedConfig before = current();
            Instant began = events.now();
            Outcome outcome = closed.getCount() == 0 ? stopped(before) : outcome(before);
            if (outcome.result() == Result.REFUSED) {
                check.refused(events.now(), outcome.problems());
            } else {
                check.taken(events.now());
            }
            events.tell(by, began, before.rules().revision(), outcome);
            return outcome;
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

    private ParsedConfig current() {
        return inForce.config().orElseThrow(() -> new AssertionError("nothing is reloaded before something was loaded"));
    }

    private Outcome outcome(ParsedConfig before) {
        return switch (inForce.read()) {
            case ConfigOutcome.Invalid invalid -> refused(before, invalid.problems());
            case ConfigOutcome.Valid valid -> valid.config().equals(before) && inForce.settled() ? unchanged(before) : taken(before, valid);
        };
    }

    private Outcome unchanged(ParsedConfig before) {
        boolean halting = !engine.unbound().isEmpty() || !engine.missingKinds().isEmpty();
        List<Problem> problems = halting ? publication.publish(before.rules()) : List.of();
        return new Outcome(Result.UNCHANGED, before.rules().revision(), List.of(), List.of(), List.of(), List.of(), problems);
    }

    /** The rules go first: a surface may want a port that a rule leaves. */
    private Outcome taken(ParsedConfig before, ConfigOutcome.Valid valid) {
        ParsedConfig after = valid.config();
        List<Problem> impossible = SurfaceChecks.check(before, valid, inForce::ownPort);
        if (!impossible.isEmpty()) {
            return refused(before, impossible);
        }
        List<Problem> published = publication.publish(after.rules());
        if (!Publication.refusals(published).isEmpty()) {
            inForce.unsettled();
            return refused(before, published);
        }
        Optional<Problem> unstored = inForce.replace(before, after);
        if (unstored.isPresent()) {
            publication.publish(before.rules());
            return refused(before, List.of(unstored.get()));
        }
        List<Problem> unbound = awaitSurfaces(before, after, published) ? publication.publish(after.rules()) : published;
        check.published(unbound);
        RuleChanges changes = RuleChanges.between(before.rules(), after.rules());
        return new Outcome(Result.APPLIED, after.rules().revision(), changes.added(), changes.changed(), changes.removed(),
            after.settingsThatDiffer(before), unbound);
    }

    /** Whether a listener that was not bound may be now, because a surface had its port and has left it. */
    private boolean awaitSurfaces(ParsedConfig before, ParsedConfig after, List<Problem> unbound) {
        List<ListenAddress> wanted = SurfaceChecks.left(before, after).stream()
            .filter(left -> unbound.stream().anyMatch(p -> p.path().endsWith(":" + left.port()))).toList();
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

    private static Outcome refused(ParsedConfig before, List<Problem> problems) {
        return new Outcome(Result.REFUSED, before.rules().revision(), List.of(), List.of(), List.of(), List.of(), problems);
    }

    private static Outcome stopped(ParsedConfig before) {
        return refused(before, List.of(Problem.of(ProblemCode.COMPONENT_MISSING, "rules",
            "the rule source is stopping; reload again when it is back")));
    }
}
