// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One version of a bundle.
 *
 * @param id number in the framework; -1 for what the launcher left out
 * @param name symbolic name
 * @param version its version
 * @param state its state in the framework, {@code "active"}
 * @param origin where it comes from
 * @param signer who signed its jar, as far as that was verified
 * @param live whether it can be replaced while the node forwards
 * @param phase what it is to new flows
 * @param flows flows it carries now
 * @param faults exceptions that it threw, and calls that did not come back, since it started
 * @param serves what it serves to new flows, {@code "inspector.tls"}, sorted
 * @param rollsBackTo version to which a roll-back would go; empty where there is none, or nothing was changed
 * @param leaving who holds it, if new flows go to another
 * @param problems why it does not resolve, what it did wrong, and which of its parts are in quarantine
 * @param unproven why its bake proves nothing, if it does not: {@code "not proven: 3 flows"}
 */
public record BundleView(long id, String name, String version, String state, Origin origin, Optional<String> signer, boolean live,
        Phase phase, long flows, long faults, List<String> serves, Optional<String> rollsBackTo, Optional<Leaving> leaving, List<String> problems,
        Optional<String> unproven) {
    /** Flows that are named; a version may have thousands. */
    public static final int MOST_HOLDERS = 20;

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
        PINNED,
        /** It was deployed and does not run: the launcher left it out. */
        LEFT_OUT,
        /** A part of it failed again and again, and is called no more until it is released or another version comes. */
        QUARANTINED
    }

    /**
     * A version that new flows do not get any more.
     *
     * @param left how long its flows may stay; empty for as long as they live
     * @param holders the oldest of those that hold it, at most {@value #MOST_HOLDERS}
     */
    public record Leaving(Optional<Duration> left, List<Holder> holders) {
        /** Copies the list. */
        public Leaving {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A flow that holds a version.
     *
     * @param flow its number
     * @param age how long it has been open
     */
    public record Holder(long flow, Duration age) {
    }

    /** Copies the lists. */
    public BundleView {
        serves = List.copyOf(serves);
        problems = List.copyOf(problems);
    }
}
