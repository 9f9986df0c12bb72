// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Authenticator;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.StaticFiles;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who serves what at the moment, and who authenticates requests. Bundles come and go while the surface listens: a request sees one
 * immutable state of it. Of two that claim the same, the one that came first has it, and the other gets it when the first goes.
 * Thread-safe; whoever takes something away waits for its calls at work.
 */
final class Roster {
    /** Most claims of all bundles, and most authenticators; who comes later is refused. */
    static final int MAX_CLAIMS = 1024;
    static final int MAX_DOORKEEPERS = 16;
    /** Longest that the calls of a bundle that goes may still take, all of them together; then they are interrupted. */
    static final Duration GRACE = Duration.ofSeconds(2);
    /** Longest that a call may take after that, before its bundle goes in spite of it. */
    static final Duration INTERRUPTED = Duration.ofSeconds(1);

    /** Two services of the admin surface claim the same. */
    static final ProblemCode PATH_TAKEN = new ProblemCode("path_taken",
        "Two bundles bring the same resource or prefix for the admin surface; the first keeps it.");

    private static final String PATH = "admin";
    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

    private final LongSupplier nanos;
    private final BundleGuard guard;
    private final Absences absences;
    private final Liveness liveness = new Liveness();
    // Guarded by this.
    private final List<Claim> claims = new ArrayList<>();
    private final List<Doorkeeper> doorkeepers = new ArrayList<>();
    /** By service, what is wrong with one that was not taken. */
    private final Map<Long, Problem> unfit = new HashMap<>();
    /** By service, which other one keeps it out, as it was last logged. */
    private final Map<Long, Long> keptOut = new HashMap<>();
    /** By bundle that goes, when its calls are interrupted. */
    private final Map<Long, Long> leaving = new HashMap<>();
    private boolean ended;
    private boolean released;
    // Volatile: replaced by those who bring and take, read by every request.
    private volatile Router router;
    private volatile List<Doorkeeper> asked = List.of();
    private volatile List<Problem> refused = List.of();

    Roster(LongSupplier nanos, BundleGuard guard) {
        this.nanos = nanos;
        this.guard = guard;
        absences = new Absences(nanos);
        claims.addAll(OwnResources.of(() -> router().claims(), liveness::lost).stream().map(own -> Claim.own(own, guard)).toList());
        router = new Router(claims);
    }

    /** Whether something of the node is lost. */
    Liveness liveness() {
        return liveness;
    }

    /** Serves a resource from now on. */
    synchronized void add(Owner owner, Resource resource) {
        take(owner, () -> claims.add(Claim.of(owner, resource, guard)), claims.size() < MAX_CLAIMS);
    }

    /** Serves files from now on. */
    synchronized void add(Owner owner, StaticFiles files) {
        take(owner, () -> claims.add(Claim.of(owner, files, guard)), claims.size() < MAX_CLAIMS);
    }

    /** Asks an authenticator from now on. */
    synchronized void add(Owner owner, Authenticator authenticator) {
        take(owner, () -> doorkeepers.add(Doorkeeper.of(owner, authenticator, nanos, guard)), doorkeepers.size() < MAX_DOORKEEPERS);
    }

    private void take(Owner owner, Runnable claim, boolean room) {
        leaving.remove(owner.bundleId());
        try {
            if (!room) {
                throw new IllegalArgumentException("there are too many already");
            }
            claim.run();
        } catch (RuntimeException | Error lastResort) {
            unfit.put(owner.serviceId(), Problem.of(ProblemCode.INVALID_VALUE, PATH, "what " + owner + " brings is not served: "
                + lastResort.getMessage()));
            LOG.atWarn().addKeyValue("event", "admin.claim_refused").addKeyValue("bundle", owner.toString()).setCause(lastResort)
                .log("what a bundle brings for the admin surface is malformed, so it is not served");
        }
        settle();
    }

    /** Takes a service away, and waits, within bounds, for the calls of it at work. */
    void remove(long serviceId) {
        List<ForeignCalls> going = new ArrayList<>();
        Duration grace;
        synchronized (this) {
            Optional<Owner> owner = claims.stream().map(Claim::owner).filter(its -> its.serviceId() == serviceId).findFirst()
                .or(() -> doorkeepers.stream().map(Doorkeeper::owner).filter(its -> its.serviceId() == serviceId).findFirst());
            claims.stream().filter(claim -> claim.owner().serviceId() == serviceId).forEach(claim -> {
                claim.calls().shut();
                if (!claim.terms().outlasts()) {
                    going.add(claim.calls());
                }
            });
            doorkeepers.stream().filter(keeper -> keeper.owner().serviceId() == serviceId).forEach(keeper -> going.add(keeper.calls()));
            if (released) {
                // The calls belong to a surface that leaves, which waits for them itself; and who brings the service stays.
                going.clear();
            }
            unfit.remove(serviceId);
            keptOut.remove(serviceId);
            drop(serviceId);
            grace = owner.map(this::grace).orElse(Duration.ZERO);
        }
        going.forEach(calls -> leave(calls, grace, serviceId));
    }

    private void drop(long serviceId) {
        List<Claim> gone = claims.stream().filter(claim -> claim.owner().serviceId() == serviceId).toList();
        claims.removeAll(gone);
        doorkeepers.removeIf(keeper -> keeper.owner().serviceId() == serviceId);
        settle();
        gone.stream().filter(claim -> claims.stream().noneMatch(other -> other.key().equals(claim.key()))).forEach(absences::add);
    }

    /** What is left of the time for all calls of a bundle, which begins with the first of its services that goes. */
    private Duration grace(Owner owner) {
        if (ended) {
            return Duration.ZERO;
        }
        long end = leaving.computeIfAbsent(owner.bundleId(), bundle -> nanos.getAsLong() + GRACE.toNanos());
        boolean last = claims.stream().noneMatch(claim -> claim.owner().bundleId() == owner.bundleId())
            && doorkeepers.stream().noneMatch(keeper -> keeper.owner().bundleId() == owner.bundleId());
        if (last) {
            leaving.remove(owner.bundleId());
        }
        return Duration.ofNanos(Math.max(0, end - nanos.getAsLong()));
    }

    private static void leave(ForeignCalls calls, Duration grace, long serviceId) {
        if (!calls.leave(grace, INTERRUPTED)) {
            LOG.atWarn().addKeyValue("event", "admin.requests_left").addKeyValue("service", serviceId)
                .log("a bundle goes while requests in it are at work and hear no interrupt");
        }
    }

    /** The surface begins: who goes from now on waits for those at work. */
    synchronized void begin() {
        ended = false;
        released = false;
    }

    /** The surface leaves its port to another one, and answers what is at work in its own time: nobody waits for that here, nor breaks it off. */
    synchronized void release() {
        released = true;
    }

    /** The surface has closed: who goes now has nobody left to wait for. */
    synchronized void end() {
        ended = true;
    }

    /** Gives each path to who came first. */
    private void settle() {
        claims.sort(Comparator.comparing(Claim::owner, Owner.FIRST_COME));
        doorkeepers.sort(Comparator.comparing(Doorkeeper::owner, Owner.HIGHEST_RANK));
        Map<String, Claim> holders = new HashMap<>();
        List<Claim> served = new ArrayList<>();
        List<Problem> problems = new ArrayList<>(unfit.values());
        for (Claim claim : claims) {
            Claim holder = holders.putIfAbsent(claim.key(), claim);
            if (holder == null) {
                served.add(claim);
                keptOut.remove(claim.owner().serviceId());
            } else if (!claim.owner().succeeds(holder.owner())) {
                problems.add(keepOut(claim, holder));
            }
        }
        router = new Router(served);
        asked = List.copyOf(doorkeepers);
        refused = List.copyOf(problems);
    }

    private Problem keepOut(Claim claim, Claim holder) {
        Long before = keptOut.put(claim.owner().serviceId(), holder.owner().serviceId());
        if (before == null || before != holder.owner().serviceId()) {
            LOG.atWarn().addKeyValue("event", "admin.path_taken").addKeyValue("path", claim.method() + " " + claim.template())
                .addKeyValue("bundle", claim.owner().toString()).addKeyValue("by", holder.owner().toString())
                .log("two bundles bring the same resource or prefix; the first keeps it");
        }
        return Problem.of(PATH_TAKEN, PATH, claim.owner() + " brings " + claim.method() + " " + claim.template() + ", which "
            + holder.owner() + " has; remove one of the two bundles");
    }

    /** Who serves what, now. */
    Router router() {
        return router;
    }

    /** Who was served a moment ago and is not now. */
    Absences absences() {
        return absences;
    }

    /** Whom to ask who makes a request, in their order. */
    List<Doorkeeper> doorkeepers() {
        return asked;
    }

    /** What hinders the authenticators. */
    List<Problem> problems() {
        return asked.stream().flatMap(keeper -> keeper.problems().stream()).toList();
    }

    /** What is not served, and why. */
    List<Problem> refused() {
        return refused;
    }
}
