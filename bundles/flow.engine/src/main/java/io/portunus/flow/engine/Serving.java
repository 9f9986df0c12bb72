// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Inspector;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who serves new flows: a choice made once for every change and read by each accepted connection. Immutable. The one that came first
 * serves, unless another version of its bundle is preferred; a pin that fits a flow goes before.
 */
final class Serving {
    private final List<Provider<FlowHandler>> handlers;
    private final List<Provider<Inspector>> inspectors;
    private final Map<String, String> preferred;
    private final List<VersionPin> pins;
    private final Map<String, Provider<FlowHandler>> handlerOf = new HashMap<>();
    private final Map<String, Provider<Inspector>> inspectorOf = new HashMap<>();

    /** Nobody. */
    static final Serving NOBODY = new Serving(List.of(), List.of(), Map.of(), List.of());

    private Serving(List<Provider<FlowHandler>> handlers, List<Provider<Inspector>> inspectors, Map<String, String> preferred,
            List<VersionPin> pins) {
        this.handlers = List.copyOf(handlers);
        this.inspectors = List.copyOf(inspectors);
        this.preferred = Map.copyOf(preferred);
        this.pins = List.copyOf(pins);
        choose(this.handlers, handlerOf);
        choose(this.inspectors, inspectorOf);
    }

    private <T> void choose(List<Provider<T>> candidates, Map<String, Provider<T>> chosen) {
        candidates.stream().filter(p -> !supplanted(p)).forEach(p -> chosen.putIfAbsent(p.origin().kind(), p));
    }

    /** Whether another version of its bundle is preferred, and runs. */
    private <T> boolean supplanted(Provider<T> provider) {
        String wanted = preferred.get(provider.origin().bundle());
        return wanted != null && !wanted.equals(provider.origin().version()) && runs(provider.origin().bundle(), wanted);
    }

    // What changes it: each gives the next choice.

    Serving with(Provider<FlowHandler> handler) {
        return new Serving(added(handlers, handler), inspectors, preferred, pins);
    }

    Serving withInspector(Provider<Inspector> inspector) {
        return new Serving(handlers, added(inspectors, inspector), preferred, pins);
    }

    Serving without(FlowHandler handler) {
        return new Serving(handlers.stream().filter(p -> p.service() != handler).toList(), inspectors, preferred, pins);
    }

    Serving without(Inspector inspector) {
        return new Serving(handlers, inspectors.stream().filter(p -> p.service() != inspector).toList(), preferred, pins);
    }

    Serving preferring(String bundle, String version) {
        Map<String, String> newer = new HashMap<>(preferred);
        newer.put(bundle, version);
        return new Serving(handlers, inspectors, newer, pins);
    }

    Serving pinning(List<VersionPin> newer) {
        return new Serving(handlers, inspectors, preferred, newer);
    }

    private static <T> List<Provider<T>> added(List<Provider<T>> present, Provider<T> newer) {
        List<Provider<T>> all = new ArrayList<>(present);
        all.add(newer);
        return all;
    }

    // What is asked of it.

    boolean runs(String bundle, String version) {
        return handlers.stream().anyMatch(p -> p.origin().of(bundle, version)) || inspectors.stream().anyMatch(p -> p.origin().of(bundle, version));
    }

    boolean inspects(String kind) {
        return inspectorOf.containsKey(kind);
    }

    Optional<Provider<FlowHandler>> handlerOf(String kind) {
        return Optional.ofNullable(handlerOf.get(kind));
    }

    /** The handler for a new flow. */
    Optional<Provider<FlowHandler>> handler(String kind, Set<String> rules, InetAddress peer) {
        Optional<Provider<FlowHandler>> pinned = pins.isEmpty() ? Optional.empty() : pinned(handlers, kind, rules, peer);
        return pinned.isPresent() ? pinned : Optional.ofNullable(handlerOf.get(kind));
    }

    /** The inspector for a new flow. */
    Optional<Provider<Inspector>> inspector(String kind, Set<String> rules, InetAddress peer) {
        Optional<Provider<Inspector>> pinned = pins.isEmpty() ? Optional.empty() : pinned(inspectors, kind, rules, peer);
        return pinned.isPresent() ? pinned : Optional.ofNullable(inspectorOf.get(kind));
    }

    private <T> Optional<Provider<T>> pinned(List<Provider<T>> candidates, String kind, Set<String> rules, InetAddress peer) {
        for (VersionPin pin : pins) {
            if (pin.rule().filter(rules::contains).isPresent() || pin.source().filter(s -> s.contains(peer)).isPresent()) {
                for (Provider<T> candidate : candidates) {
                    if (candidate.origin().kind().equals(kind) && candidate.origin().of(pin.bundle(), pin.version())) {
                        return Optional.of(candidate);
                    }
                }
            }
        }
        return Optional.empty();
    }

    List<VersionPin> pins() {
        return pins;
    }

    List<ProviderView> views() {
        List<ProviderView> views = new ArrayList<>();
        handlers.forEach(p -> views.add(p.view(handlerOf.get(p.origin().kind()) == p)));
        inspectors.forEach(p -> views.add(p.view(inspectorOf.get(p.origin().kind()) == p)));
        return views;
    }
}
