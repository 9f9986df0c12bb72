// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;

/** Degraded while a part of a bundle is in quarantine, or a call of one does not come back: the node serves without it. Thread-safe. */
record BundlesReadiness(BundleGuard guard) implements ReadinessCheck {
    @Override
    public String name() {
        return BUNDLES;
    }

    @Override
    public List<Problem> problems() {
        return List.of();
    }

    @Override
    public List<Problem> degraded() {
        return guard.degraded();
    }
}
