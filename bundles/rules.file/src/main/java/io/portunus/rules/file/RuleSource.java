// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.node.api.Actor;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.ReadinessCheck;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The file's rules while there is an engine: published at first, then whenever the file changes or somebody asks. Thread-safe. What it
 * offers to others appears once the rules are published.
 */
final class RuleSource {
    private final Reload reload;
    private final StartReport report;
    private final Registrations registrations;
    private final FileWatch watch;

    /**
     * A source.
     *
     * @param reload takes the file
     * @param file its path
     * @param beside what the file's meaning depends on besides its content
     * @param report tells the launcher how the start went
     * @param registrations offers services
     */
    RuleSource(Reload reload, String file, Supplier<?> beside, StartReport report, Registrations registrations) {
        this.reload = reload;
        this.report = report;
        this.registrations = registrations;
        this.watch = new FileWatch(Path.of(file), FileWatch.INTERVAL, beside, () -> reload.reload(new Actor("file", file)));
    }

    /** Publishes on a thread of its own, {@code rules-publish}, since binding listeners blocks and an activation must not. */
    RuleSource start() {
        Thread.ofVirtual().name("rules-publish").start(this::publish);
        return this;
    }

    private void publish() {
        report.published(reload.publish());
        registrations.add(ReadinessCheck.class, reload.check());
        registrations.add(ConfigReload.class, reload);
        registrations.reload(() -> reload.reload(new Actor("signal", "SIGHUP")));
        registrations.drain(reload::drain);
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
