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
 * @param closed ended flows by reason: all of {@link CloseReason#known}, those that parts of the data path have of their own, and others that
 *     were seen, as long as there was room; what is beyond that as {@link CloseReason#OTHER}
 * @param refusedDatagrams datagrams that were dropped because no session was for them, by reason; what never occurred is not there
 * @param recordsDropped access records that were dropped, for lack of room or because they could not be written
 * @param capacity what there may be
 */
public record EngineCounts(List<RuleCounts> rules, List<ListenerCounts> listeners, long active, long accepted,
        Map<CloseReason, Long> closed, Map<CloseReason, Long> refusedDatagrams, long recordsDropped, Capacity capacity) {
    /** Copies the collections. */
    public EngineCounts {
        rules = List.copyOf(rules);
        listeners = List.copyOf(listeners);
        closed = Map.copyOf(closed);
        refusedDatagrams = Map.copyOf(refusedDatagrams);
    }

    /** Of a node without datagrams. */
    public EngineCounts(List<RuleCounts> rules, List<ListenerCounts> listeners, long active, long accepted, Map<CloseReason, Long> closed,
            long recordsDropped, Capacity capacity) {
        this(rules, listeners, active, accepted, closed, Map.of(), recordsDropped, capacity);
    }

    /**
     * Ceilings in force, and how much of the buffers is taken.
     *
     * @param connections flows that may be open
     * @param ofOneRule how many of them one rule may have while others forward
     * @param bufferedBytes bytes that are held of what peers sent and that were not delivered
     * @param bufferBytes how many of them there may be
     */
    public record Capacity(long connections, long ofOneRule, long bufferedBytes, long bufferBytes) {
    }
}
