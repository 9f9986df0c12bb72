// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Asks readiness checks, which may be anybody's: the one way in which it is done. A check that throws, whatever it throws, or does not answer
 * within {@link #PATIENCE}, is a problem of that check and of nobody else. It keeps no node from being ready that is ready without it, so it is
 * {@link PartReadiness#degraded}; unless the part is one of {@link ReadinessCheck#EXPECTED}, of which nobody knows then whether it is ready.
 *
 * <p>Checks run one after the other on a thread of their own, not on the caller's. One that does not return keeps that thread, one of each
 * asker's for each check, and is not asked again until it has returned; meanwhile nobody waits for it a second time. Thread-safe: those who
 * ask at once take turns. Whoever asks keeps one of these for as long as it asks.
 */
public final class NodeReadiness {
    /** How long a check may take; it is to answer at once. */
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Duration patience;
    private final ReentrantLock turn = new ReentrantLock();
    /** Checks that have not returned; guarded by the turn. At most as many as there are checks. */
    private final IdentityHashMap<ReadinessCheck, Kept> kept = new IdentityHashMap<>();

    /** A thread that a check keeps, and the check's name. */
    private record Kept(Thread thread, String name) {
    }

    /** Asks with the usual patience. */
    public NodeReadiness() {
        this(PATIENCE);
    }

    NodeReadiness(Duration patience) {
        this.patience = patience;
    }

    /** What each of them answers, in their order. Takes no longer than {@link #PATIENCE} for each check that has just begun to hang. */
    public List<PartReadiness> ask(List<ReadinessCheck> checks) {
        turn.lock();
        try {
            Set<ReadinessCheck> there = Collections.newSetFromMap(new IdentityHashMap<>());
            there.addAll(checks);
            kept.keySet().removeIf(check -> !there.contains(check));
            kept.values().removeIf(its -> !its.thread().isAlive());
            return answers(checks);
        } finally {
            turn.unlock();
        }
    }

    private List<PartReadiness> answers(List<ReadinessCheck> checks) {
        List<PartReadiness> answers = new ArrayList<>();
        List<Question> open = new ArrayList<>();
        checks.stream().filter(check -> !kept.containsKey(check)).map(Question::new).forEach(open::add);
        Thread asking = begin(List.copyOf(open));
        for (ReadinessCheck check : checks) {
            Kept hanging = kept.get(check);
            if (hanging != null) {
                answers.add(failed(hanging.name(), "has not returned since it was asked"));
                continue;
            }
            Question question = open.removeFirst();
            answers.add(answer(question));
            if (question.isCancelled()) {
                kept.put(check, new Kept(asking, question.name));
                asking = begin(List.copyOf(open));
            }
        }
        return answers;
    }

    private PartReadiness answer(Question question) {
        try {
            return question.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            question.cancel(true);
            return failed(question.name, "did not answer within " + patience.toMillis() / 1000.0 + " s");
        } catch (ExecutionException e) {
            return failed(question.name, "threw what cannot be shown");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            question.cancel(true);
            return failed(question.name, "was not waited for");
        }
    }

    /** One check that is asked. What runs of it is the check's, so all of it is on the thread that may be kept. */
    private static final class Question extends FutureTask<PartReadiness> {
        /** Of the class until the check has given it. Volatile: whoever waits reads it when it has waited long enough. */
        private volatile String name;

        Question(ReadinessCheck check) {
            this(new Asked(check));
        }

        private Question(Asked asked) {
            super(asked);
            name = asked.check.getClass().getName();
            asked.named = given -> name = given;
        }
    }

    /** The call of a question. */
    private static final class Asked implements Callable<PartReadiness> {
        private final ReadinessCheck check;
        private Consumer<String> named = given -> { };

        Asked(ReadinessCheck check) {
            this.check = check;
        }

        @Override
        public PartReadiness call() {
            String name = check.getClass().getName();
            try {
                name = Objects.requireNonNull(check.name(), "a name");
                named.accept(name);
                return new PartReadiness(name, check.problems(), check.degraded(), false);
            } catch (Throwable lastResort) {
                return failed(name, "threw " + lastResort);
            }
        }
    }

    /** No virtual thread: one that spins would keep those that carry everybody's. */
    private static Thread begin(List<Question> questions) {
        return Thread.ofPlatform().daemon().name("readiness").start(() -> {
            for (Question question : questions) {
                question.run();
                if (question.isCancelled()) {
                    // Somebody else has the others by now.
                    return;
                }
            }
        });
    }

    private static PartReadiness failed(String name, String what) {
        List<Problem> problem = List.of(Problem.of(ReadinessCheck.FAILED, name, "The readiness check " + name + " " + what
            + ", so nobody knows whether its part is ready; mend its bundle, or take it away."));
        boolean expected = ReadinessCheck.EXPECTED.contains(name);
        return new PartReadiness(name, expected ? problem : List.of(), expected ? List.of() : problem, true);
    }
}
