// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.node.api.LivenessCheck;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether something of the node is lost that only another start brings back. Thread-safe. Asked on the I/O thread, so only who came first is asked,
 * which is the engine; one that fails has not stated that anything is lost.
 */
final class Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

    /** Volatile: set by the registry's threads, read by requests. */
    private volatile Optional<LivenessCheck> check = Optional.empty();

    void check(Optional<LivenessCheck> newer) {
        check = newer;
    }

    boolean lost() {
        try {
            return check.filter(its -> !its.lost().isEmpty()).isPresent();
        } catch (RuntimeException | LinkageError lastResort) {
            LOG.atError().addKeyValue("event", "admin.internal_error").setCause(lastResort).log("nobody stated whether a part is lost");
            return false;
        }
    }
}
