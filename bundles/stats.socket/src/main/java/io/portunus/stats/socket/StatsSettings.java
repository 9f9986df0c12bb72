// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@link StatsConfig} says. Immutable.
 *
 * @param enabled whether there is a socket
 * @param path where it is; text, because what it cannot be is told when it is opened
 * @param elsewhere where it is if it cannot be there
 * @param refresh time between two snapshots
 */
record StatsSettings(boolean enabled, String path, Optional<Path> elsewhere, Duration refresh) {
    static final StatsSettings OFF = new StatsSettings(false, "", Optional.empty(), Duration.ofSeconds(1));
    private static final long FASTEST_MILLIS = 250;
    private static final long SLOWEST_MILLIS = 5000;

    /** The source of the rules refuses other times; one that comes another way is taken to the nearest. */
    static StatsSettings of(StatsConfig config) {
        return new StatsSettings(config.enabled(), config.socket_path(), Optional.of(config.fallback()).filter(path -> !path.isEmpty()).map(Path::of),
            Duration.ofMillis(Math.clamp(config.refresh_ms(), FASTEST_MILLIS, SLOWEST_MILLIS)));
    }
}
