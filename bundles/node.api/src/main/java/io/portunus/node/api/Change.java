// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.time.Instant;

/**
 * A change that was made to the node, or was refused.
 *
 * @param at when
 * @param by who asked for it
 * @param what what was asked for, {@code "rules.reload"}, {@code "bundle.upgrade"}
 * @param subject what it is about, {@code "flow.tls"}; may be empty
 * @param before how it was
 * @param after how it is; equal to {@code before} when nothing was changed
 * @param outcome {@code "done"}, or the code of the problem that kept it, or a part of it, from being done
 */
public record Change(Instant at, Actor by, String what, String subject, String before, String after, String outcome) {
}
