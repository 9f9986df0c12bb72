// SPDX-License-Identifier: Apache-2.0
/** Renders the node's counters for Prometheus. Every type is safe for use by any thread unless it states otherwise. */
@NullMarked
package io.portunus.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
