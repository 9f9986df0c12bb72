// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.model.ForwardingTable;
import io.portunus.model.IpLiterals;
import io.portunus.model.ListenKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections of flows to listeners of this very node, by their two ends: the flow that comes in by one is the next of a chain. A chain that
 * meets a rule on the listener where it has been before is a loop. Thread-safe; a live flow has one entry at most, and only while its target
 * is a listener of the node.
 */
final class OwnConnections {
    /** Flows of a chain that are looked at; nobody chains more on purpose. */
    static final int MAX_CHAIN = 64;

    private static final List<InetAddress> WILDCARDS = java.util.stream.Stream.of("0.0.0.0", "::")
        .flatMap(text -> IpLiterals.parse(text).stream()).toList();

    private final Map<Ends, StreamedFlow> flows = new ConcurrentHashMap<>();

    /**
     * What both sides know a connection by.
     *
     * @param from address and port of who connected
     * @param to the same of who accepted
     */
    record Ends(InetSocketAddress from, InetSocketAddress to) {
        static Ends ofAccepted(Stream downstream) {
            return new Ends(downstream.peer(), downstream.local());
        }
    }

    /** Whether somebody of the table may listen at an endpoint: what is asked first, and of nearly all endpoints the last question. */
    static boolean listens(ForwardingTable table, InetSocketAddress endpoint) {
        return table.listener(ListenKey.tcp(Optional.empty(), endpoint.getPort())).isPresent() || listensOn(table, endpoint);
    }

    private static boolean listensOn(ForwardingTable table, InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        return table.listener(ListenKey.tcp(Optional.of(address), endpoint.getPort())).isPresent()
            || WILDCARDS.stream().anyMatch(any -> table.listener(ListenKey.tcp(Optional.of(any), endpoint.getPort())).isPresent());
    }

    /** The ends of a connection that was made to an own address; empty if it leaves the machine, as far as its ends show. */
    static Optional<Ends> ends(Stream upstream, ConnectSpec spec) {
        InetSocketAddress local = upstream.local();
        InetAddress to = spec.endpoint().getAddress();
        InetAddress reached = to.isAnyLocalAddress() ? local.getAddress() : to;
        boolean here = reached.isLoopbackAddress() || reached.equals(local.getAddress()) || spec.source().isPresent();
        return here ? Optional.of(new Ends(local, new InetSocketAddress(reached, spec.endpoint().getPort()))) : Optional.empty();
    }

    /** Whether a connection may have been made by this machine. */
    static boolean fromHere(Stream downstream, ConnectSpec spec) {
        InetAddress peer = downstream.peer().getAddress();
        return peer.isLoopbackAddress() || spec.source().isPresent() || peer.equals(downstream.local().getAddress());
    }

    void add(Ends ends, StreamedFlow flow) {
        flows.put(ends, flow);
    }

    void remove(Ends ends, StreamedFlow flow) {
        flows.remove(ends, flow);
    }

    /** Whether a flow is one of a chain that has been where it is. */
    boolean leadsBack(StreamedFlow flow) {
        StreamedFlow last = flow;
        for (int i = 0; i < MAX_CHAIN; i++) {
            StreamedFlow before = flows.get(last.downstreamEnds());
            if (before == null) {
                return false;
            }
            if (before.goesTheWayOf(flow)) {
                return true;
            }
            last = before;
        }
        return true;
    }
}
