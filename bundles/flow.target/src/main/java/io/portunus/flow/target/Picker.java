// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Target;
import io.portunus.model.TargetGroup;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Picks one of several targets. Thread-safe: loops share it, and none waits for another. */
interface Picker {
    /**
     * Picks.
     *
     * @param candidates the places that may be picked, a bit each, at least one
     */
    int pick(long candidates, Field field);

    /** The picker of a group. */
    static Picker of(TargetGroup.Pick pick, List<Target> targets, Supplier<RandomGenerator> chance) {
        return switch (pick) {
            case FIRST -> (candidates, field) -> Long.numberOfTrailingZeros(candidates);
            case ROUND_ROBIN -> new SmoothWeighted(targets.size());
            case LEAST_CONNECTIONS -> new LeastConnections(targets.size());
            case SOURCE_HASH -> new SourceHash(targets.stream().map(Target::toString).toList());
            case RANDOM_TWO -> new RandomTwo(chance);
        };
    }
}
