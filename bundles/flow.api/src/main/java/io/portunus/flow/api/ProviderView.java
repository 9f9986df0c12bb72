// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.flow.spi.DatagramInspector;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.flow.spi.Transport;
import io.portunus.flow.spi.UpstreamHeader;
import java.util.Locale;
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
 * @param results what those flows came to
 */
public record ProviderView(Role role, String kind, String bundle, String version, boolean serving, long active, long opened,
        Map<CloseReason, Long> closed, Set<CloseReason> reasons, long faults, FlowResults results) {
    /** What a provider is to a flow. */
    public enum Role {
        /** It carries the flow from accept to close. */
        HANDLER(FlowHandler.class),
        /** It reads the prelude. */
        INSPECTOR(Inspector.class),
        /** It looks into the first datagrams. */
        DATAGRAM_INSPECTOR(DatagramInspector.class),
        /** It takes away what stands before it. */
        FILTER(ListenerFilter.class),
        /** It finds the target. */
        SELECTOR(TargetSelector.class),
        /** It writes a header to the target first. */
        HEADER(UpstreamHeader.class),
        /** It owns the sockets. */
        TRANSPORT(Transport.class),
        /** It limits the flow. */
        POLICY(Policy.class),
        /** It wraps the flow's streams. */
        LAYER(StreamLayer.class);

        private final Class<?> contract;

        Role(Class<?> contract) {
            this.contract = contract;
        }

        /** Name of the contract that a provider fulfils. */
        public String contract() {
            return contract.getName();
        }

        /** As manifests and problems name it, {@code "inspector"}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the collections. */
    public ProviderView {
        closed = Map.copyOf(closed);
        reasons = Set.copyOf(reasons);
    }
}
