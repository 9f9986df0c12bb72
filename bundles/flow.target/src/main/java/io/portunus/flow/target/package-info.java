// SPDX-License-Identifier: Apache-2.0
/**
 * Finds targets for flows: which are healthy, which is picked, what probes show. What a flow holds is confined to its loop; what flows
 * share changes by compare-and-set, so that no loop waits for another.
 */
@NullMarked
package io.portunus.flow.target;

import org.jspecify.annotations.NullMarked;
