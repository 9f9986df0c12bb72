// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableTaker;
import io.portunus.config.api.Taken;
import io.portunus.node.api.Actor;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.ReadinessCheck;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The node's life by its file: whoever takes its tables gets them, and once all of them were taken, it can be reloaded and the launcher is notified.
 * A file without such tables waits for nobody. Thread-safe.
 */
final class NodeLife {
    private final Reload reload;
    private final Takers takers;
    private final StartReport report;
    private final Registrations registrations;
    private final FileWatch watch;
    private final Actor file;
    /** Kinds of tables that nobody has taken yet; guarded by this. */
    private final Set<String> waiting;

    /**
     * A life.
     *
     * @param reload takes the file again
     * @param takers put its tables in force
     * @param inForce the file as it was read
     * @param report reports the result of the start to the launcher
     * @param registrations offers services
     */
    NodeLife(Reload reload, Takers takers, ConfigInForce inForce, StartReport report, Registrations registrations) {
        this.reload = reload;
        this.takers = takers;
        this.report = report;
        this.registrations = registrations;
        this.file = new Actor("file", inForce.file());
        this.waiting = new HashSet<>(inForce.config().map(config -> config.tables().keySet()).orElse(Set.of()));
        // What the file means depends on the grammar besides its content.
        Supplier<?> beside = inForce::grammar;
        this.watch = new FileWatch(Path.of(inForce.file()), FileWatch.INTERVAL, beside, () -> reload.reload(file));
    }

    /** Begins. */
    NodeLife start() {
        reload.check().waits();
        registrations.add(ReadinessCheck.class, reload.check());
        if (nothingWaits()) {
            begun();
        }
        return this;
    }

    /** Somebody has come who takes tables. They are given on a thread of their own: binding listeners blocks and an activation must not. */
    void add(TableTaker taker) {
        takers.add(taker);
        Thread.ofPlatform().daemon().name("rules-publish").start(() -> give(taker.kind()));
    }

    /** He has gone; what he put in force is his. */
    void remove(TableTaker taker) {
        takers.remove(taker);
    }

    private void give(String kind) {
        if (nothingWaits()) {
            // He is a new one; the file may have changed while there was none.
            reload.publish(kind);
            reload.reload(file);
            return;
        }
        Optional<Taken> taken = reload.publish(kind);
        taken.ifPresent(report::taken);
        if (taken.isPresent() && first(kind)) {
            begun();
        }
    }

    private synchronized boolean nothingWaits() {
        return waiting.isEmpty();
    }

    /** Whether nothing waits any more, because of this kind. */
    private synchronized boolean first(String kind) {
        return waiting.remove(kind) && waiting.isEmpty();
    }

    private void begun() {
        registrations.add(ConfigReload.class, reload);
        registrations.reload(() -> reload.reload(new Actor("signal", "SIGHUP")));
        reload.check().begins();
        registrations.started(report);
        watch.start();
    }

    /** Takes everything back. */
    void close() {
        watch.close();
        reload.close();
        registrations.close();
    }
}
