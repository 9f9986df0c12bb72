// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;
import java.util.List;

/**
 * The targets of a rule, and how one of them is found for a connection.
 *
 * @param targets at least one, at most {@value #MAX_TARGETS}, in the order written
 * @param pick how one of the best priority is picked
 * @param preferIpv6 whether the IPv6 addresses of a name come first
 * @param health when a target counts as failed, and as healthy again
 * @param allDown what happens while every target has failed
 * @param closeOnDown whether the connections of a target are closed when it fails
 * @param slowStart how long a target that came back gets less than its share; zero for not at all
 */
public record TargetGroup(List<Target> targets, Pick pick, boolean preferIpv6, HealthPolicy health, AllDown allDown, boolean closeOnDown,
        Duration slowStart) {
    /** Most targets of a rule that the file may ask for; what it allows by default is 8. */
    public static final int MAX_TARGETS = 64;

    /** How a target is picked among those of the best priority that are up. */
    public enum Pick {
        /** The first in the order written. */
        FIRST("first"),
        /** One after the other, by weight. */
        ROUND_ROBIN("round_robin"),
        /** The one with the fewest live connections for its weight. */
        LEAST_CONNECTIONS("least_connections"),
        /** By the client's address: the same client gets the same target as long as that is up. */
        SOURCE_HASH("source_hash"),
        /** Of two drawn at random the one with fewer live connections. */
        RANDOM_TWO("random_two");

        private final String text;

        Pick(String text) {
            this.text = text;
        }

        /** As operators write it. */
        public String text() {
            return text;
        }
    }

    /** What to do while every target has failed. */
    public enum AllDown {
        /** Try them all the same: an answer is worth more than a verdict. */
        OPEN("open"),
        /** Refuse at once. */
        CLOSED("closed");

        private final String text;

        AllDown(String text) {
            this.text = text;
        }

        /** As operators write it. */
        public String text() {
            return text;
        }
    }

    /** Copies the list. */
    public TargetGroup {
        targets = List.copyOf(targets);
    }

    /** One target, and everything else as it is when nothing is said. */
    public static TargetGroup of(TargetAddress target) {
        return new TargetGroup(List.of(Target.of(target)), Pick.FIRST, false, HealthPolicy.DEFAULT, AllDown.OPEN, false, Duration.ZERO);
    }

    /** The same group of other targets. */
    public TargetGroup with(List<Target> others) {
        return new TargetGroup(others, pick, preferIpv6, health, allDown, closeOnDown, slowStart);
    }

    /** The targets as operators write them, separated by commas. */
    @Override
    public String toString() {
        return String.join(", ", targets.stream().map(Target::toString).toList());
    }
}
