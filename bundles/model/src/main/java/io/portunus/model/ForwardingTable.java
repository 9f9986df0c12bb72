// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A rule set compiled for the engine. Routing reads nothing else. */
public final class ForwardingTable {
    /** The table that forwards nothing. */
    public static final ForwardingTable EMPTY = new ForwardingTable(new RuleSet("", List.of()), Map.of());

    private final RuleSet rules;
    private final Map<ListenKey, Listener> listeners;

    private ForwardingTable(RuleSet rules, Map<ListenKey, Listener> listeners) {
        this.rules = rules;
        this.listeners = listeners;
    }

    /** Compiles a rule set that has been checked; disabled rules get no listener. */
    public static ForwardingTable compile(RuleSet rules) {
        Map<ListenKey, List<Rule>> byKey = new LinkedHashMap<>();
        for (Rule rule : rules.rules()) {
            if (rule.enabled()) {
                rule.listen().forEach(range -> range.ports().forEach(port ->
                    byKey.computeIfAbsent(new ListenKey(rule.bind(), port), k -> new ArrayList<>()).add(rule)));
            }
        }
        Map<ListenKey, Listener> compiled = new LinkedHashMap<>();
        byKey.forEach((key, members) -> compiled.put(key, new Listener(key, members)));
        return new ForwardingTable(rules, compiled);
    }

    /** The rule set it was compiled from. */
    public RuleSet rules() {
        return rules;
    }

    /** Every listener. */
    public Collection<Listener> listeners() {
        return Collections.unmodifiableCollection(listeners.values());
    }

    /** The listener of a key. */
    public Optional<Listener> listener(ListenKey key) {
        return Optional.ofNullable(listeners.get(key));
    }

    /**
     * The listener that a connection reaches.
     *
     * @param local the address connected to; if empty, the listener of every address is meant, or the only one of the port
     * @param port the port connected to
     */
    public Optional<Listener> listenerFor(Optional<InetAddress> local, int port) {
        Optional<Listener> ofEveryAddress = listener(new ListenKey(Optional.empty(), port));
        if (local.isPresent()) {
            return listener(new ListenKey(local, port)).or(() -> ofEveryAddress);
        }
        List<Listener> ofThePort = listeners.values().stream().filter(l -> l.key().port() == port).toList();
        return ofEveryAddress.or(() -> ofThePort.size() == 1 ? Optional.of(ofThePort.getFirst()) : Optional.empty());
    }
}
