// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.flow.api.ForwardingEngine;
import java.time.Duration;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Stops listening and drains, for as long as the file in force sets; the launcher runs it at shut-down, and asks how long that may take. Thread-safe.
 */
@Component(service = {Runnable.class, Supplier.class}, immediate = true, property = Registrations.LIFECYCLE + "=drain")
public final class Drain implements Runnable, Supplier<Duration> {
    private final ConfigInForce inForce;
    private final ForwardingEngine engine;

    /** Drains an engine. */
    @Activate
    public Drain(@Reference FileConfiguration file, @Reference ForwardingEngine engine) {
        this(file.inForce(), engine);
    }

    Drain(ConfigInForce inForce, ForwardingEngine engine) {
        this.inForce = inForce;
        this.engine = engine;
    }

    @Override
    public void run() {
        inForce.config().ifPresent(config -> engine.drain(config.node().shutdownDrain()));
    }

    @Override
    public Duration get() {
        return inForce.config().map(config -> config.node().shutdownDrain()).orElse(Duration.ZERO);
    }
}
