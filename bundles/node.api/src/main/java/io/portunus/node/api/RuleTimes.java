// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.time.Instant;

/**
 * When a rule came, and what happened to it last.
 *
 * @param createdAt when a rule with its id came into force, of those without a gap until now
 * @param stateSince when it came into the state that it is in
 */
public record RuleTimes(Instant createdAt, Instant stateSince) {
}
