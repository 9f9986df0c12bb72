// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What one part of a bundle did wrong. Thread-safe, without a lock; loops charge it, and ask for each flow whether it is in quarantine.
 */
public final class FaultAccount {
    /** Longest text of a fault that is kept. */
    private static final int MOST_TEXT = 200;
    /** Causes that are looked through for the innermost; one may be its own. */
    private static final int MOST_CAUSES = 16;
    /** Between two faults of one part that are logged: it may be called many thousand times a second. */
    private static final long LOG_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Run NONE = new Run(0, 0, 0);

    private final BundlePart part;
    private final LongSupplier nanos;
    private final Consumer<FaultAccount> changed;
    private final LongAdder faults = new LongAdder();
    private final AtomicReference<Run> run = new AtomicReference<>(NONE);
    /** Volatile: set by whoever charges the last fault, read for each flow. */
    private volatile boolean quarantined;
    private volatile String last = "";
    /** When what it is at work with now began, 0 when it is with nothing. Volatile: its thread sets it, surfaces look. */
    private volatile long busySince;
    private volatile long lastLogged;
    private volatile boolean logged;

    /**
     * Faults that follow each other.
     *
     * @param since when the first of them was
     * @param faults how many
     * @param well how many calls had gone well by the first
     */
    private record Run(long since, int faults, long well) {
        Run next(long now, long wellNow) {
            boolean others = faults == 0 || now - since > BundleGuard.WITHIN.toNanos() || wellNow - well > faults;
            return others ? new Run(now, 1, wellNow) : new Run(since, faults + 1, well);
        }
    }

    FaultAccount(BundlePart part, LongSupplier nanos, Consumer<FaultAccount> changed) {
        this.part = part;
        this.nanos = nanos;
        this.changed = changed;
    }

    /** Whose it is. */
    public BundlePart part() {
        return part;
    }

    /** Whether it is not to be called. */
    public boolean quarantined() {
        return quarantined;
    }

    /**
     * It threw, or did not come back: counted and shown, and nothing else follows, because nobody would gain by its absence.
     *
     * @return whether it is to be logged; one of many in a row is
     */
    public boolean note(Throwable fault) {
        faults.increment();
        last = text(fault);
        return loud();
    }

    /**
     * The same, of a part that others are better off without: {@value BundleGuard#MOST_FAULTS} within {@link BundleGuard#WITHIN}, and no more
     * calls than faults that went well in between, put it in quarantine.
     *
     * @param well how many of its calls went well until now; it never falls
     * @return whether it is to be logged
     */
    public boolean charge(Throwable fault, long well) {
        boolean loud = note(fault);
        long now = nanos.getAsLong();
        Run its = run.updateAndGet(before -> before.next(now, well));
        if (its.faults() >= BundleGuard.MOST_FAULTS && !quarantined) {
            quarantined = true;
            changed.accept(this);
        }
        return loud;
    }

    /** It is at work with something from now on; confined, with {@link #leave}, to the one thread that calls it. */
    public void enter() {
        busySince = Math.max(1, nanos.getAsLong());
    }

    /** It is at work with nothing. */
    public void leave() {
        busySince = 0;
    }

    /** Whether it was in quarantine, and is not any more. */
    boolean release() {
        boolean was = quarantined;
        run.set(NONE);
        quarantined = false;
        return was;
    }

    long faults() {
        return faults.sum();
    }

    /** Whether it is with one call for longer than any may take. */
    boolean hangs() {
        long since = busySince;
        return since != 0 && nanos.getAsLong() - since > BundleGuard.PATIENCE.toNanos();
    }

    /** The last fault, in one line. */
    String last() {
        return last;
    }

    private boolean loud() {
        long now = nanos.getAsLong();
        boolean loud = !logged || now - lastLogged >= LOG_NANOS;
        if (loud) {
            lastLogged = now;
            logged = true;
        }
        return loud;
    }

    /** What is shown of a fault. Its text is made by whoever threw it, and may fail again. */
    public static String text(Throwable fault) {
        Throwable cause = fault;
        try {
            for (int depth = 0; depth < MOST_CAUSES && cause.getCause() != null; depth++) {
                cause = cause.getCause();
            }
            String text = String.valueOf(cause).lines().findFirst().orElse("");
            return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
        } catch (Throwable lastResort) {
            return cause.getClass().getName();
        }
    }
}
