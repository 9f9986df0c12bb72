// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@link StatsConfig} sets. Immutable.
 *
 * @param enabled whether there is a socket
 * @param path where it is; text, because what it cannot be is reported when it is opened
 * @param elsewhere where it is if it cannot be there
 * @param refresh time between two snapshots
 */
record StatsSettings(boolean enabled, String path, Optional<Path> elsewhere, Duration refresh) {
    static final StatsSettings OFF = new StatsSettings(false, "", Optional.empty(), Duration.ofSeconds(1));
    private static final String ELSEWHERE = "stats.sock";

    /** What the table sets, on a node with a state folder or without. */
    static StatsSettings of(StatsConfig config, Optional<String> state) {
        return new StatsSettings(config.enabled(), config.socket_path(),
            state.filter(folder -> config.fallback()).map(folder -> Path.of(folder, ELSEWHERE)), Duration.ofMillis(config.refresh_ms()));
    }
}
