// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.Map;
import java.util.Set;

/**
 * A part of the data path that is running, with what became of the flows it had. Counters begin when it is bound and go when it goes.
 *
 * @param role what it is
 * @param kind its kind, {@code "tcp"}, {@code "tls"}
 * @param bundle symbolic name of its bundle
 * @param version version of its bundle
 * @param serving whether new flows that are not pinned elsewhere get it
 * @param active flows that hold it now
 * @param opened flows it got
 * @param closed those that ended, by reason
 * @param reasons reasons of its own, for which it may end flows
 * @param faults exceptions it threw
 */
public record ProviderView(Role role, String kind, String bundle, String version, boolean serving, long active, long opened,
        Map<CloseReason, Long> closed, Set<CloseReason> reasons, long faults) {
    /** What a provider is to a flow. */
    public enum Role {
        /** It carries the flow from accept to close. */
        HANDLER,
        /** It reads the prelude. */
        INSPECTOR,
        /** It takes away what stands before it. */
        FILTER,
        /** It finds the target. */
        SELECTOR,
        /** It writes a header to the target first. */
        HEADER,
        /** It owns the sockets. */
        TRANSPORT,
        /** It limits the flow. */
        POLICY,
        /** It wraps the flow's streams. */
        LAYER
    }

    /** Copies the collections. */
    public ProviderView {
        closed = Map.copyOf(closed);
        reasons = Set.copyOf(reasons);
    }
}
