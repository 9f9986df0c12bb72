// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.api.RuleCounts;
import java.util.List;

/**
 * What a snapshot has behind its times and its number: all counters at one moment. Immutable.
 *
 * @param process the process
 * @param r one entry per rule
 */
record Snapshot(ProcessLine process, List<RuleLine> r) {
    Snapshot {
        r = List.copyOf(r);
    }

    /**
     * The process. What the system does not state is 0.
     *
     * @param fdOpen open files
     * @param fdLimit most open files
     * @param rssBytes memory in use
     */
    record ProcessLine(long fdOpen, long fdLimit, long rssBytes) {
    }

    /**
     * Counters of a rule since the process started.
     *
     * @param id id of the rule, the decimal digits of an unsigned number of 64 bits
     * @param in bytes from clients to targets
     * @param out bytes from targets to clients
     * @param connsActive connections open now
     * @param connsTotal connections routed to the rule
     * @param datagramsIn datagrams from clients
     * @param datagramsOut datagrams from targets
     * @param flowsActive UDP flows open now
     * @param targetFailoversTotal changes of its targets between healthy and failed
     * @param err what went wrong
     * @param targets what each of its targets is to new connections, in the order of the hello; ours, all before it is the predecessor's
     */
    record RuleLine(String id, long in, long out, long connsActive, long connsTotal, long datagramsIn, long datagramsOut, long flowsActive,
            long targetFailoversTotal, Errors err, List<TargetLine> targets) {
        RuleLine {
            targets = List.copyOf(targets);
        }
    }

    /**
     * What the node knows of a target.
     *
     * @param state {@code "healthy"}, {@code "slow_start"}, {@code "failed"}, {@code "drained"}; {@code "unknown"} while nothing picks targets
     * @param reason why, a code; empty when there is none
     */
    record TargetLine(String state, String reason) {
        static final TargetLine UNKNOWN = new TargetLine("unknown", "");
    }

    /**
     * What went wrong for a rule, in the predecessor's order. All but the first two and {@code dnsFailures} are of UDP, and 0 for
     * rules of TCP.
     *
     * @param portInUse listeners of the rule that are not bound now because their port is taken
     * @param upstreamConnectFailed connections to targets that could not be made
     * @param icmpEvict flows ended because the target could not be reached
     * @param emsgsize datagrams too large for the way
     * @param wouldblock datagrams that the system had no room for
     * @param addflowDropped flows that could not be entered; ours are, or are refused before, so this is 0
     * @param flowsPendingDrops datagrams that came while their flow was being set up
     * @param bandwidthDroppedIn datagrams from clients beyond the limit
     * @param bandwidthDroppedOut datagrams from targets beyond the limit
     * @param sendDropped datagrams that could not be sent
     * @param dnsFailures look-ups of its targets that failed
     * @param flowsDroppedOverflow flows beyond the most that may be
     */
    record Errors(long portInUse, long upstreamConnectFailed, long icmpEvict, long emsgsize, long wouldblock, long addflowDropped,
            long flowsPendingDrops, long bandwidthDroppedIn, long bandwidthDroppedOut, long sendDropped, long dnsFailures,
            long flowsDroppedOverflow) {
        static Errors of(long portInUse, RuleCounts counts) {
            RuleCounts.Datagrams datagrams = counts.datagrams();
            return new Errors(portInUse, counts.connectFailures(), datagrams.unreachable(), datagrams.dropped(DatagramDrop.TOO_LONG),
                datagrams.dropped(DatagramDrop.NO_ROOM_IN), 0, datagrams.dropped(DatagramDrop.PENDING),
                datagrams.dropped(DatagramDrop.LIMIT_IN), datagrams.dropped(DatagramDrop.LIMIT_OUT),
                datagrams.dropped(DatagramDrop.NO_ROOM_OUT), counts.dnsFailures(), datagrams.dropped(DatagramDrop.OVERFLOW));
        }
    }
}
