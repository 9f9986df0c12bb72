// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.time.Instant;

/**
 * A point in time on both clocks.
 *
 * @param nanos on the clock that only runs forward, for what is measured
 * @param at on the wall's clock, for what is shown
 */
record Timestamp(long nanos, Instant at) {
}
