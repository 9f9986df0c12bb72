// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.Offer;
import java.util.Set;

/**
 * What the bundles of a node bring that tables may name. Immutable.
 *
 * @param offers inspectors and policies
 */
public record Installed(Set<Offer> offers) {
    /** Copies the set. */
    public Installed {
        offers = Set.copyOf(offers);
    }

    /** Whether no bundle brings it. */
    public boolean lacks(Offer offer) {
        return !offers.contains(offer);
    }
}
