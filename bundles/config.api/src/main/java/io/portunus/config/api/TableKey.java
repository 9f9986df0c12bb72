// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

/**
 * A key that code reads, as the reference has it. A key that nobody has is refused by name, with the nearest that somebody has.
 *
 * @param table path of the table that it is in, {@code "rule.health"}; empty for the top of the file
 * @param key the key as it is written
 * @param sentence what it is, with bounds and default
 * @param built whether this release has the feature; one that it has not is refused as not supported yet
 */
public record TableKey(String table, String key, String sentence, boolean built) {
}
