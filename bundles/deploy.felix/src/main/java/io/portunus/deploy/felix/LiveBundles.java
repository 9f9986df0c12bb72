// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.Change;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import io.portunus.node.api.Impact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets one change happen at a time, and has each written down. Thread-safe. */
final class LiveBundles implements BundleControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveBundles.class);
    private static final Duration TAKE_BACK = Duration.ofSeconds(30);
    private static final Duration JUST_OVER = Duration.ofSeconds(5);
    private final Site site;
    private final BundleListing listing;
    private final Consumer<Change> changes;
    private final InstantSource clock;
    private final ReentrantLock turn = new ReentrantLock();
    /** Volatile: set by the upgrade's thread, read by who rolls back and by views. */
    private volatile Optional<Bake> bake = Optional.empty();

    LiveBundles(Site site, Consumer<Change> changes, InstantSource clock) {
        this.site = site;
        this.listing = new BundleListing(site);
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * Takes up what was put down before the start.
     *
     * @param leavesOut whether the launcher has left out what was deployed, which is kept then
     */
    void open(boolean leavesOut) {
        site.bundles().all().stream().filter(bundle -> !site.store().holds(bundle)).filter(bundle -> bundle.getSymbolicName() != null)
            .forEach(bundle -> site.distribution().add(bundle, site.bundles().declared(bundle)));
        Set<String> left = new HashSet<>();
        List<Generation.Entry> absent = site.ledger().load();
        if (leavesOut) {
            site.ledger().keep(absent);
        }
        absent.forEach(entry -> {
            left.add(entry.name());
            // The launcher has logged why.
            LOG.atDebug().addKeyValue("event", "generation.dropped").addKeyValue("bundle", entry.name())
                .addKeyValue("version", entry.version()).log("the version was put down, but does not run");
        });
        site.pruneAll(left);
        site.ownership().open(site.ledger().claims());
        site.ledger().lines().forEach((name, line) -> site.holders().versions().prefer(name, line.serving()));
        site.holders().versions().pins(site.ledger().pins());
        site.drainStrays();
        site.drain().start();
    }

    /** What the launcher left out and nothing has replaced since, each as name and version. */
    List<String> leftOut() {
        return site.ledger().leftOut().stream().filter(Generation.Entry::serves).map(entry -> entry.name() + " " + entry.version()).toList();
    }

    @Override
    public List<BundleView> bundles() {
        return listing.bundles(bake);
    }

    @Override
    public Optional<Impact> impact(String bundle) {
        return listing.impact(bundle);
    }

    @Override
    public Deployment upgrade(Path jar, Actor by, Optional<Duration> drain, Set<String> replaces) {
        return written(BundleEvents.UPGRADE, by, String.valueOf(jar.getFileName()),
            inTurn("", () -> new Upgrade(site, watched -> bake = watched).run(jar, drain, replaces)));
    }

    @Override
    public Deployment rollback(String bundle, Actor by) {
        // A new version that is still being watched is taken back by the upgrade itself, which has the turn.
        Optional<Bake> watched = bake.filter(its -> its.bundle().equals(bundle));
        if (watched.isEmpty()) {
            return written(BundleEvents.ROLLBACK, by, bundle, inTurn(bundle, () -> new Rollback(site, bundle).toBefore()));
        }
        if (watched.get().end("it was rolled back by " + by + ".")) {
            return written(BundleEvents.ROLLBACK, by, bundle, watched.get().result(TAKE_BACK).orElseGet(() -> busy(bundle)));
        }
        return written(BundleEvents.ROLLBACK, by, bundle, inTurn(bundle, JUST_OVER, () -> new Rollback(site, bundle).toBefore()));
    }

    @Override
    public Deployment remove(String bundle, Actor by, Optional<Duration> drain, boolean force) {
        return written(BundleEvents.REMOVE, by, bundle, inTurn(bundle, () -> new Rollback(site, bundle).toDistribution(drain, force)));
    }

    @Override
    public Deployment drain(String bundle, String version, Duration within, Actor by) {
        return written(BundleEvents.DRAIN, by, bundle, drained(bundle, version, within));
    }

    private Deployment drained(String name, String version, Duration within) {
        Optional<Bundle> bundle = site.bundles().find(name, version);
        Optional<Problem> problem = Optional.empty();
        if (bundle.isEmpty()) {
            problem = Optional.of(Problem.of(ProblemCode.NOT_FOUND, "version", "There is no version " + version + " of " + name + "."));
        } else if (site.holders().pinned(bundle.get())) {
            problem = Optional.of(Problem.of(DeployCode.NOT_DRAINING, "version", name + " " + version + " is pinned: take the pin away first."));
        } else if (!site.drain().within(bundle.get(), within)) {
            problem = Optional.of(Problem.of(DeployCode.NOT_DRAINING, "version", name + " " + version + " does not drain: new flows get it, or"
                + " may again while a newer version is watched."));
        }
        String serving = Site.versionOf(site.serving(name));
        List<String> steps = problem.isPresent() ? List.of() : List.of(name + " " + version + " goes within " + within.toSeconds() + " s; "
            + site.holders().flows(bundle.orElseThrow()) + " flows hold it.");
        return new Deployment(problem.isEmpty(), name, version, serving, steps, problem.stream().toList());
    }

    /** Needs no turn: who serves stays as it is. */
    @Override
    public Deployment release(String bundle, Actor by) {
        List<String> steps = site.bundles().guard().release(bundle).stream().map(part -> "The " + part + " is called again.").toList();
        String serving = Site.versionOf(site.serving(bundle));
        List<Problem> problems = steps.isEmpty() ? List.of(Problem.of(ProblemCode.NOT_FOUND, "bundle", "No part of " + bundle
            + " is in quarantine.")) : List.of();
        return written(BundleEvents.RELEASE, by, bundle, new Deployment(problems.isEmpty(), bundle, problems.isEmpty() ? "" : serving, serving, steps,
            problems));
    }

    private Deployment inTurn(String bundle, Supplier<Deployment> change) {
        return inTurn(bundle, Duration.ZERO, change);
    }

    private Deployment inTurn(String bundle, Duration atMost, Supplier<Deployment> change) {
        try {
            if (turn.isHeldByCurrentThread() || site.stopped() || !turn.tryLock(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return busy(bundle);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return busy(bundle);
        }
        try {
            return change.get();
        } finally {
            turn.unlock();
        }
    }

    private Deployment busy(String bundle) {
        String serving = bundle.isEmpty() ? "" : Site.versionOf(site.serving(bundle));
        return new Deployment(false, bundle, serving, serving, List.of(), List.of(busy()));
    }

    private Problem busy() {
        return Problem.of(ProblemCode.BUSY, "", bake.map(its -> its.bundle() + " " + its.newer() + " is being watched")
            .orElse("Another change is under way") + ": try again when it is over.");
    }

    /** A jar that could not be read has no bundle's name, but that of its file. */
    private Deployment written(BundleEvents what, Actor by, String otherwise, Deployment result) {
        String subject = result.bundle().isEmpty() ? otherwise : result.bundle();
        String code = result.problems().stream().findFirst().map(problem -> problem.code().code()).orElse("done");
        changes.accept(new Change(clock.instant(), by, what.what(), subject, result.from(), result.to(), code));
        what.log(subject, result, by.toString());
        return result;
    }

    @Override
    public List<VersionPin> pins() {
        return site.ledger().pins();
    }

    @Override
    public List<Problem> pin(VersionPin pin, Actor by) {
        String before = versions(pin.subject());
        List<Problem> problems = List.of(busy());
        if (turn.tryLock()) {
            try {
                problems = site.ledger().exclusively(() -> new Pins(site).pin(pin));
            } finally {
                turn.unlock();
            }
        }
        String code = problems.stream().findFirst().map(problem -> problem.code().code()).orElse("done");
        changes.accept(new Change(clock.instant(), by, "bundle.pin", pin.subject(), before, versions(pin.subject()), code));
        return problems;
    }

    @Override
    public boolean unpin(String subject, Actor by) {
        String before = versions(subject);
        boolean done = site.ledger().exclusively(() -> new Pins(site).unpin(subject));
        changes.accept(new Change(clock.instant(), by, "bundle.unpin", subject, before, versions(subject),
            done ? "done" : ProblemCode.NOT_FOUND.code()));
        return done;
    }

    private String versions(String subject) {
        return String.join(", ", site.ledger().pins().stream().filter(pin -> pin.subject().equals(subject))
            .map(pin -> pin.bundle() + " " + pin.version()).toList());
    }

    /** Leaves everything as it is; what is under way ends where it is. */
    @Override
    public void close() {
        site.stopping().countDown();
        bake.ifPresent(watched -> watched.end("the node stops."));
        site.drain().close();
    }
}
