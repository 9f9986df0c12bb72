// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Answers for every call into a bundle. What it throws, and that it does not come back, is charged to the part of its version that was called
 * ({@link FaultAccount}); a part that others are better off without is in quarantine after {@value #MOST_FAULTS} faults, and is not called until
 * it is released, or another version comes. What is called beside the loops runs on platform threads of the version's own
 * ({@link #call}): code that spins or hangs takes no thread that anybody else needs. Thread-safe. A call that goes well is not seen here, so it
 * costs nothing.
 */
public final class BundleGuard {
    /** So many faults of one part put it in quarantine. */
    public static final int MOST_FAULTS = 16;
    /** Faults that are further apart are no run of them. */
    public static final Duration WITHIN = Duration.ofMinutes(1);
    /** Calls of one version at once beside the loops, each with a thread; the next waits for its turn. */
    public static final int MOST_CALLS = 8;
    /** Calls of one version that may be beyond their time and have not come back; from then on none is made. */
    public static final int MOST_OVERDUE = 2;
    /** What may take its time takes no longer; beyond it a call hangs. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);
    /** A part of a bundle is in quarantine. */
    public static final ProblemCode QUARANTINED = new ProblemCode("bundle_quarantined",
        "A part of a bundle failed again and again and is not called any more.");
    /** Calls of a bundle do not come back. */
    public static final ProblemCode HANGS = new ProblemCode("bundle_hangs", "A call of a bundle does not come back.");

    /** Accounts that are kept: of each version that runs a few. Faults of parts beyond them are counted for nobody. */
    private static final int MOST_ACCOUNTS = 1024;

    private final Map<BundlePart, FaultAccount> accounts = new ConcurrentHashMap<>();
    private final Map<Version, Calls> calls = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final Consumer<FaultAccount> changed;

    /** A version of a bundle. */
    private record Version(String bundle, String version) {
    }

    /** The calls of a version at work. */
    private static final class Calls {
        final Semaphore places = new Semaphore(MOST_CALLS);
        final AtomicInteger overdue = new AtomicInteger();
    }

    /**
     * Nothing is charged yet.
     *
     * @param nanos a clock that only goes forward
     * @param changed is called with each part that comes into quarantine or out of it, on whatever thread charged or released it; it never blocks
     */
    public BundleGuard(LongSupplier nanos, Consumer<FaultAccount> changed) {
        this.nanos = nanos;
        this.changed = changed;
    }

    /** The account of a part, from its first call to the end of its version. */
    public FaultAccount account(BundlePart part) {
        FaultAccount known = accounts.get(part);
        if (known != null) {
            return known;
        }
        FaultAccount fresh = new FaultAccount(part, nanos, changed);
        if (accounts.size() >= MOST_ACCOUNTS) {
            return fresh;
        }
        FaultAccount first = accounts.putIfAbsent(part, fresh);
        return first == null ? fresh : first;
    }

    /**
     * Calls on a thread of the version's own, and waits. What it throws, and that it takes too long, is charged.
     *
     * @param atMost how long to wait, for its turn and for its end; then it is interrupted, and left alone
     * @throws TimeoutException if it did not come back in time, or is not called because others have not
     * @throws ExecutionException with what it threw
     * @throws InterruptedException if the caller was interrupted; so was the call then
     */
    public <T> T call(BundlePart part, Duration atMost, Callable<T> what) throws TimeoutException, ExecutionException, InterruptedException {
        Calls its = calls.computeIfAbsent(new Version(part.bundle(), part.version()), version -> new Calls());
        long end = nanos.getAsLong() + atMost.toNanos();
        if (its.overdue.get() >= MOST_OVERDUE) {
            throw new TimeoutException("as " + MOST_OVERDUE + " of its calls hang, no more are made");
        }
        if (!its.places.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException(MOST_CALLS + " of its calls were still at work after " + atMost.toSeconds() + " s");
        }
        FutureTask<T> task = new FutureTask<>(what);
        AtomicBoolean over = new AtomicBoolean();
        // No virtual thread: code that spins would keep one of the few that carry them, for ever.
        Thread.ofPlatform().daemon().name("guarded-" + part.bundle() + "-" + part.part()).start(() -> run(task, its, over));
        try {
            return task.get(end - nanos.getAsLong(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            account(part).note(failed);
            throw failed;
        } catch (TimeoutException late) {
            leave(task, its, over);
            TimeoutException hangs = new TimeoutException("it did not come back within " + atMost.toSeconds() + " s");
            account(part).note(hangs);
            throw hangs;
        } catch (InterruptedException hurried) {
            leave(task, its, over);
            throw hurried;
        }
    }

    private static void run(FutureTask<?> task, Calls its, AtomicBoolean over) {
        try {
            task.run();
        } finally {
            its.places.release();
            if (!over.compareAndSet(false, true)) {
                its.overdue.decrementAndGet();
            }
        }
    }

    /** Nobody waits for it any more. Counted before it is known whether it has come back meanwhile, so that the count never falls below 0. */
    private static void leave(FutureTask<?> task, Calls its, AtomicBoolean over) {
        its.overdue.incrementAndGet();
        if (!over.compareAndSet(false, true)) {
            its.overdue.decrementAndGet();
        }
        task.cancel(true);
    }

    /** What a version did wrong. */
    public BundleStanding standing(String bundle, String version) {
        List<FaultAccount> its = of(bundle, version).sorted(Comparator.comparing(account -> account.part().part())).toList();
        List<String> sentences = new ArrayList<>();
        its.stream().filter(account -> account.faults() > 0 || account.hangs()).forEach(account -> sentences.add(sentence(account)));
        int overdue = overdue(bundle, version);
        if (overdue > 0) {
            sentences.add(hanging(overdue));
        }
        return new BundleStanding(its.stream().mapToLong(FaultAccount::faults).sum(), its.stream().anyMatch(FaultAccount::quarantined), sentences);
    }

    private Stream<FaultAccount> of(String bundle, String version) {
        return accounts.values().stream().filter(account -> account.part().of(bundle, version));
    }

    private int overdue(String bundle, String version) {
        Calls its = calls.get(new Version(bundle, version));
        return its == null ? 0 : its.overdue.get();
    }

    private static String hanging(int calls) {
        return calls + (calls == 1 ? " of its calls does" : " of its calls do") + " not come back.";
    }

    private static String sentence(FaultAccount account) {
        String faults = account.faults() == 0 ? "" : ": " + account.faults() + (account.faults() == 1 ? " fault" : " faults")
            + ", the last " + account.last();
        return "The " + account.part().part() + (account.quarantined() ? " is in quarantine" : account.hangs() ? " hangs" : " failed") + faults + ".";
    }

    /** What an operator should mend: parts in quarantine, and calls that do not come back. */
    public List<Problem> degraded() {
        Stream<Problem> parts = accounts.values().stream().filter(account -> account.quarantined() || account.hangs())
            .map(account -> Problem.of(account.quarantined() ? QUARANTINED : HANGS, path(account.part().bundle(), account.part().version()),
                "of " + account.part().bundle() + " " + account.part().version() + ": " + sentence(account)
                + " Upgrade or remove the bundle" + (account.quarantined() ? ", or have it called again by 'portunus:release "
                + account.part().bundle() + "'." : ".")));
        Stream<Problem> late = calls.entrySet().stream().filter(its -> its.getValue().overdue.get() > 0)
            .map(its -> Problem.of(HANGS, path(its.getKey().bundle(), its.getKey().version()), "of " + its.getKey().bundle() + " "
                + its.getKey().version() + ": " + hanging(its.getValue().overdue.get()) + " Their threads are there until the node restarts."));
        return Stream.concat(parts, late).sorted(Comparator.comparing(Problem::text)).toList();
    }

    private static String path(String bundle, String version) {
        return "bundle " + bundle + " " + version;
    }

    /**
     * Has the parts of a bundle called again.
     *
     * @return those that were in quarantine; empty if none was
     */
    public List<BundlePart> release(String bundle) {
        List<FaultAccount> its = accounts.values().stream().filter(account -> account.part().bundle().equals(bundle))
            .filter(FaultAccount::release).toList();
        its.forEach(changed);
        return its.stream().map(FaultAccount::part).toList();
    }

    /** A version has stopped; what still comes of flows that it had is charged anew. What hangs is remembered as long as it does. */
    public void forget(String bundle, String version) {
        accounts.keySet().removeIf(part -> part.of(bundle, version));
        calls.computeIfPresent(new Version(bundle, version),
            (key, its) -> its.overdue.get() == 0 && its.places.availablePermits() == MOST_CALLS ? null : its);
    }
}
