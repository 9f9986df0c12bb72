// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.time.Duration;

/**
 * When a role has started: when a bundle of it offers a {@code Supplier<String>} with the property {@code portunus.lifecycle}, and that
 * answers nothing. What it answers else is a sentence a line of what keeps the role from its work, and the start has failed. If it is a
 * {@code BooleanSupplier}, too, that answers then whether this is what the configuration asks for, and no bundle's doing. Immutable.
 *
 * @param lifecycle value of that property
 * @param within how long the supplier may keep the launcher waiting
 */
public record Readiness(String lifecycle, Duration within) {
}
