// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.TargetView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An engine without sockets that fails to bind the ports that the test names. */
final class FakeEngine implements ForwardingEngine {
    final List<ForwardingTable> applied = new ArrayList<>();
    final Set<Integer> refused = new HashSet<>();
    Set<Offer> missing = Set.of();
    private List<ListenerView> listeners = List.of();
    /** When it binds, or cannot. */
    Instant bound = Instant.EPOCH;

    @Override
    public Set<Offer> unserved() {
        return missing;
    }

    @Override
    public Set<Offer> served() {
        return Set.of(Offer.inspector(Protocol.TCP, "http"), Offer.inspector(Protocol.TCP, "tls"));
    }

    @Override
    public List<Problem> apply(ForwardingTable table) {
        applied.add(table);
        listeners = table.listeners().stream().map(l -> new ListenerView(l.key(), List.of(), "fake", refused.contains(l.key().port())
            ? Optional.of(Problem.ofListener(ProblemCode.PORT_IN_USE, l.key(), "taken")) : Optional.empty(), bound)).toList();
        return listeners.stream().flatMap(l -> l.problem().stream()).toList();
    }

    @Override
    public ForwardingTable table() {
        return applied.isEmpty() ? ForwardingTable.EMPTY : applied.getLast();
    }

    @Override
    public List<ListenerView> listeners() {
        return listeners;
    }

    @Override
    public List<FlowView> flows() {
        return List.of();
    }

    @Override
    public boolean kill(long flowId) {
        return false;
    }

    @Override
    public EngineCounts counts() {
        return new EngineCounts(List.of(), List.of(), 0, 0, Map.of(), 0, new EngineCounts.Capacity(100, 90, 0, 1 << 20));
    }

    @Override
    public List<Problem> crowded() {
        return List.of();
    }

    @Override
    public List<Problem> lacks() {
        return List.of();
    }

    @Override
    public List<TargetView> targets() {
        return List.of();
    }

    @Override
    public boolean drainTarget(String rule, String target, boolean drained) {
        return false;
    }

    @Override
    public int drain(Duration atMost) {
        return 0;
    }
}
