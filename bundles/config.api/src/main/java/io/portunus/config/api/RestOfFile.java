// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.RuleChecks.Reserved;
import java.time.Duration;
import java.util.List;

/**
 * What the rest of the file sets that tables may depend on. Immutable.
 *
 * @param shutdownDrain how long live connections get at shut-down
 * @param reserved listeners of the node itself, which the file names and others must leave alone
 * @param declared tables within theirs that other bundles declare
 * @param transports names of the transports that bundles bring
 */
public record RestOfFile(Duration shutdownDrain, List<Reserved> reserved, DeclaredTables declared, List<String> transports) {
    /** Copies the list. */
    public RestOfFile {
        reserved = List.copyOf(reserved);
        transports = List.copyOf(transports);
    }
}
