// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.List;

/**
 * What a version of a bundle did wrong, as its {@link BundleGuard} knows it.
 *
 * @param faults what its parts threw, and calls that did not come back in time, since it started
 * @param quarantined whether one of its parts is in quarantine
 * @param sentences one for each part that did anything wrong
 */
public record BundleStanding(long faults, boolean quarantined, List<String> sentences) {
    /** Copies the list. */
    public BundleStanding {
        sentences = List.copyOf(sentences);
    }
}
