// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

/**
 * What the launcher writes for a role. Each event has the sentence's beginning from the launcher, which is the command and its version, but for
 * the last, whose sentence is whole. Immutable.
 *
 * @param started "is forwarding": it is ready
 * @param stopped "has stopped"
 * @param unheard SIGHUP cannot be heard, and what does instead
 */
public record Messages(Notice started, Notice stopped, Notice unheard) {
}
