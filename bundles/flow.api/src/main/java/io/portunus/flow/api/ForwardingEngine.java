// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.model.ForwardingTable;
import io.portunus.model.Listener;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.Route;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** The data plane of this node. Thread-safe; none of its methods waits for a peer unless its comment states it. */
@ProviderType
public interface ForwardingEngine {
    /**
     * Makes the table the one in force: binds new listeners, swaps the routes of those that stay, unbinds those that went. Flows keep
     * the route they began with. A listener that cannot be bound does not hinder the others, and is tried again by itself.
     *
     * @return one problem for each listener that is not bound, with the path {@code "listen <key>"}
     */
    List<Problem> apply(ForwardingTable table);

    /** The table in force. */
    ForwardingTable table();

    /** Every listener of the table in force and whether it is bound. */
    List<ListenerView> listeners();

    /** One problem for each listener that is not bound, as {@link #apply} returns them; how many listeners there are costs nothing. */
    default List<Problem> unbound() {
        return listeners().stream().flatMap(listener -> listener.problem().stream()).toList();
    }

    /** Live flows, oldest first. */
    List<FlowView> flows();

    /**
     * Ends a live flow at once, both sides by a reset.
     *
     * @return whether there was such a flow
     */
    boolean kill(long flowId);

    /** All counters. */
    EngineCounts counts();

    /** How long flows took; empty when that is not counted. */
    default Optional<FlowTimes> times() {
        return Optional.empty();
    }

    /** Every target of the table in force, in the order of the rules; empty while no selector is running. */
    List<TargetView> targets();

    /** Where a flow of a route would go now; empty while no selector is running. Nothing is picked by asking. */
    default Optional<TargetOutlook> outlook(Route route, InetAddress client) {
        return Optional.empty();
    }

    /**
     * Stops, or goes on, giving new flows to a target; those it has it keeps. It is forgotten when the rule changes or the node restarts.
     *
     * @param rule name of the rule
     * @param target the target as the rule has it
     * @return whether there is such a target
     */
    boolean drainTarget(String rule, String target, boolean drained);

    /**
     * What policies limit, by their kinds: of each rule in force what it sets for a policy, with what became of its flows there, and what else a
     * policy shows. A policy that does not answer within 2 s, or throws, shows no use, and no limits but those of rules.
     */
    default List<LimitView> policyLimits() {
        return List.of();
    }

    /** What the engine lacks to forward: a transport, a handler, an inspector that a listener needs. Empty when nothing. */
    List<Problem> lacks();

    /** Every loop that carries connections, and whether it turns; answers from memory. */
    default List<LoopView> loops() {
        return List.of();
    }

    /** The node's and the rules' ceilings of connections for which some are refused now; empty when there is room. */
    List<Problem> crowded();

    /** Inspectors and policies that rules of the table in force name and that do not run; such rules take nothing, and the others serve. */
    default Set<Offer> unserved() {
        return Set.of();
    }

    /** Inspectors and policies that run. */
    default Set<Offer> served() {
        return Set.of();
    }

    /**
     * Who serves a new connection of a listener, by what its rules need, {@code "inspector.tls"}: bundle and version; empty text where nobody does.
     *
     * @param routes the listener's, of the table in force
     */
    default Map<String, String> servedBy(Listener routes, InetAddress client) {
        return Map.of();
    }

    /**
     * Stops listening, waits for live flows to end, and ends those that have not when the time is over. Flows of a loop that is lost are not
     * waited for. Blocks the caller; called once, at shut-down.
     *
     * @return how many flows had to be ended
     */
    int drain(Duration atMost);
}
