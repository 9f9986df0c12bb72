// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether connections are refused because the node, or one rule, has as many as it may have: logged once when the first is refused, and once
 * when a fifth of the ceiling is free again. Thread-safe; costs one read while nothing is refused.
 */
final class Ceiling {
    private static final Logger LOG = LoggerFactory.getLogger(Ceiling.class);
    private static final int PARTS = 5;

    private final String what;
    private final AtomicBoolean reached = new AtomicBoolean();

    /** Makes one that is not reached; {@code what} names whose it is. */
    Ceiling(String what) {
        this.what = what;
    }

    boolean reached() {
        return reached.get();
    }

    /** A connection was refused. */
    void refused(long active, long most) {
        if (!reached.get() && reached.compareAndSet(false, true)) {
            LOG.atWarn().addKeyValue("event", "flow.ceiling_reached").addKeyValue("of", what).addKeyValue("active", active)
                .addKeyValue("ceiling", most).log("connections are refused: " + what + " has as many as it may have");
        }
    }

    /** A connection ended. */
    void ended(long active, long most) {
        if (reached.get() && active < most - most / PARTS && reached.compareAndSet(true, false)) {
            LOG.atInfo().addKeyValue("event", "flow.ceiling_left").addKeyValue("of", what).addKeyValue("active", active)
                .addKeyValue("ceiling", most).log("connections are accepted again");
        }
    }
}
