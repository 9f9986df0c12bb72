// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.time.Duration;

/**
 * How long policies let bytes wait, each way. A wait counts when it is over.
 *
 * @param in on the way to the target
 * @param out on the way to the client
 */
public record HeldBack(Duration in, Duration out) {
    /** Nothing has waited. */
    public static final HeldBack NONE = new HeldBack(Duration.ZERO, Duration.ZERO);
}
