// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.node.api.Post;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that new flows do not get any more: uninstalls each when its last flow has gone and no pin names it. Thread-safe. Bounded by
 * the versions that a bundle may have.
 */
final class Drain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final long LOOK_MILLIS = 250;
    /** Each such look goes through all live flows. */
    private static final long LOOKS_AT_FLOWS = 20;
    private static final long IDLE_MILLIS = 60_000;
    private static final Duration END_WAIT = Duration.ofSeconds(5);
    private final Bundles bundles;
    private final Holders holders;
    private final Consumer<Bundle> gone;
    private final InstantSource clock;
    /** Held while a version is looked at and taken away, so that a roll-back either gets it or finds it gone. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** By the bundle's id; read without the lock by views. */
    private final Map<Long, Leaving> leaving = new ConcurrentHashMap<>();
    private final Thread watch;
    /** Guarded by the lock. */
    private long looks;
    private volatile boolean closed;

    /** A version and when its flows are ended. */
    private record Leaving(Bundle bundle, Optional<Instant> deadline, boolean stuck) {
    }

    /**
     * Starts the watch.
     *
     * @param gone is called with each version that was uninstalled
     */
    Drain(Bundles bundles, Holders holders, InstantSource clock, Consumer<Bundle> gone) {
        this.bundles = bundles;
        this.holders = holders;
        this.clock = clock;
        this.gone = gone;
        this.watch = Thread.ofPlatform().daemon().name("deploy-drain").unstarted(this::watch);
    }

    void start() {
        watch.start();
    }

    /** Lets a version go; its flows may stay for that long, or as long as they live. */
    void add(Bundle bundle, Optional<Duration> atMost) {
        lock.lock();
        try {
            leaving.put(bundle.getBundleId(), new Leaving(bundle, atMost.map(clock.instant()::plus), false));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has a version that goes gone by then; false if it does not go. */
    boolean within(Bundle bundle, Duration atMost) {
        lock.lock();
        try {
            Instant end = clock.instant().plus(atMost);
            boolean goes = Optional.ofNullable(leaving.computeIfPresent(bundle.getBundleId(), (id, its) -> new Leaving(bundle,
                its.deadline().filter(end::isAfter).or(() -> Optional.of(end)), its.stuck()))).isPresent();
            changed.signalAll();
            return goes;
        } finally {
            lock.unlock();
        }
    }

    /** How long the flows of a version may stay; empty if it does not go, or they may stay as long as they live. */
    Optional<Duration> left(Bundle bundle) {
        return Optional.ofNullable(leaving.get(bundle.getBundleId())).flatMap(Leaving::deadline)
            .map(deadline -> Duration.between(clock.instant(), deadline)).map(left -> left.isNegative() ? Duration.ZERO : left);
    }

    /** Keeps a version that was to go; whether it was, and is still there. */
    boolean cancel(Bundle bundle) {
        lock.lock();
        try {
            return Optional.ofNullable(leaving.remove(bundle.getBundleId())).isPresent() && bundle.getState() != Bundle.UNINSTALLED;
        } finally {
            lock.unlock();
        }
    }

    boolean has(Bundle bundle) {
        return leaving.containsKey(bundle.getBundleId());
    }

    /** Does something while no version, and no jar with it, is taken away. */
    <T> T hold(Supplier<T> act) {
        lock.lock();
        try {
            return act.get();
        } finally {
            lock.unlock();
        }
    }

    /** Looks once at each. */
    void sweep() {
        lock.lock();
        try {
            List.copyOf(leaving.values()).stream().filter(version -> !version.stuck()).forEach(this::look);
        } finally {
            lock.unlock();
        }
    }

    private void look(Leaving version) {
        Bundle bundle = version.bundle();
        String name = bundle.getSymbolicName();
        String number = bundle.getVersion().toString();
        if (closed || holders.pinned(bundle)) {
            return;
        }
        if (version.deadline().filter(deadline -> !clock.instant().isBefore(deadline)).isPresent()) {
            holders.versions().end(name, number, CloseReason.DRAINED);
        }
        if (holders.flows(bundle) > 0) {
            if (looks++ % LOOKS_AT_FLOWS == 0) {
                holders.endStalled(bundle);
            }
            return;
        }
        try {
            bundles.stop(bundle);
            // Between the look and the stop it may have got one more; and what it began may need its classes until it is over, as an answer.
            if (holders.flows(bundle) == 0 && !Post.busy(name, number)) {
                bundles.uninstall(bundle);
                leaving.remove(bundle.getBundleId());
                LOG.atInfo().addKeyValue("event", "bundle.drained").addKeyValue("bundle", name).addKeyValue("version", number)
                    .log("the last flow of the version has gone, and so has the version");
                gone.accept(bundle);
            }
        } catch (DeployException e) {
            if (closed) {
                return;
            }
            leaving.put(bundle.getBundleId(), new Leaving(bundle, Optional.empty(), true));
            LOG.atWarn().addKeyValue("event", "bundle.stuck").addKeyValue("bundle", name).addKeyValue("version", number)
                .log("the version cannot be taken away and stays until the next restart: {}", e.getMessage());
        }
    }

    private void watch() {
        try {
            while (!closed) {
                lock.lockInterruptibly();
                try {
                    boolean busy = leaving.values().stream().anyMatch(version -> !version.stuck());
                    boolean signalled = changed.await(busy ? LOOK_MILLIS : IDLE_MILLIS, TimeUnit.MILLISECONDS);
                    if (busy || signalled) {
                        sweep();
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            // The component stops.
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch and leaves everything as it is. */
    @Override
    public void close() {
        closed = true;
        watch.interrupt();
        try {
            // One that was never started has nothing to end.
            if (watch.getState() != Thread.State.NEW && !watch.join(END_WAIT)) {
                LOG.atWarn().addKeyValue("event", "bundle.stuck").log("a bundle does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
