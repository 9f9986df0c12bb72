// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.nio.file.Path;

/**
 * What the subcommand {@code stats} asked for. Immutable.
 *
 * @param socket the daemon's socket
 * @param once whether one JSON object is enough
 */
record StatsRequest(Path socket, boolean once) {
}
