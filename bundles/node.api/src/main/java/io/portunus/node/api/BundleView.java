// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.List;
import java.util.Optional;

/**
 * One version of a bundle.
 *
 * @param id number in the framework
 * @param name symbolic name
 * @param version its version
 * @param state its state in the framework, {@code "active"}
 * @param origin where it comes from
 * @param signer who signed its jar, as far as that was verified
 * @param live whether it can be replaced while the node forwards
 * @param phase what it is to new flows
 * @param flows flows it carries now
 * @param problems why it does not resolve, or failed
 */
public record BundleView(long id, String name, String version, String state, Origin origin, Optional<String> signer, boolean live,
        Phase phase, long flows, List<String> problems) {
    /** Where a bundle comes from. */
    public enum Origin {
        /** It came with the distribution. */
        DISTRIBUTION,
        /** An operator deployed it. */
        DEPLOYED
    }

    /** What a version is to new flows. */
    public enum Phase {
        /** It is what the node runs. */
        CURRENT,
        /** It has just replaced another and is watched. */
        BAKING,
        /** New flows go to another version; it keeps those it has. */
        DRAINING,
        /** It stays for flows that are pinned to it. */
        PINNED
    }

    /** Copies the list. */
    public BundleView {
        problems = List.copyOf(problems);
    }
}
