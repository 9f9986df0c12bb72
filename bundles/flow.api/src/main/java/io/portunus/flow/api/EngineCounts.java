// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.List;
import java.util.Map;

/**
 * All counters of the data path at one moment.
 *
 * @param rules one entry per rule of the table
 * @param listeners one entry per listener that routes by name
 * @param active flows open now
 * @param accepted connections accepted since start
 * @param closed ended flows by reason
 * @param recordsDropped access records that no sink had room for
 */
public record EngineCounts(List<RuleCounts> rules, List<ListenerCounts> listeners, long active, long accepted,
        Map<CloseReason, Long> closed, long recordsDropped) {
    /** Copies the collections. */
    public EngineCounts {
        rules = List.copyOf(rules);
        listeners = List.copyOf(listeners);
        closed = Map.copyOf(closed);
    }
}
