// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.api.VersionPin;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who serves new flows: a choice made once for every change and read by each accepted connection. Immutable. The one that came first
 * serves, unless another version of its bundle is preferred; a pin that fits a flow goes before.
 */
final class Serving {
    private final List<Provider> providers;
    private final Map<String, String> preferred;
    private final List<VersionPin> pins;
    private final Map<Post, Provider> chosen = new HashMap<>();
    private final List<Post> policies;

    /** Nobody. */
    static final Serving NOBODY = new Serving(List.of(), Map.of(), List.of());

    private Serving(List<Provider> providers, Map<String, String> preferred, List<VersionPin> pins) {
        this.providers = List.copyOf(providers);
        this.preferred = Map.copyOf(preferred);
        this.pins = List.copyOf(pins);
        providers.stream().filter(p -> !supplanted(p)).forEach(p -> chosen.putIfAbsent(p.origin().post(), p));
        this.policies = all(Role.POLICY).map(p -> p.origin().post()).distinct().toList();
    }

    /** Whether another version of its bundle is preferred, and runs. */
    private boolean supplanted(Provider provider) {
        String wanted = preferred.get(provider.origin().bundle());
        return wanted != null && !wanted.equals(provider.origin().version()) && runs(provider.origin().bundle(), wanted);
    }

    // What changes it: each gives the next choice.

    Serving with(Provider newer) {
        List<Provider> all = new ArrayList<>(providers);
        all.add(newer);
        return new Serving(all, preferred, pins);
    }

    Serving without(Object service) {
        return new Serving(providers.stream().filter(p -> !p.is(service)).toList(), preferred, pins);
    }

    Serving preferring(String bundle, String version) {
        Map<String, String> newer = new HashMap<>(preferred);
        newer.put(bundle, version);
        return new Serving(providers, newer, pins);
    }

    Serving pinning(List<VersionPin> newer) {
        return new Serving(providers, preferred, newer);
    }

    // What is asked of it.

    boolean runs(String bundle, String version) {
        return providers.stream().anyMatch(p -> p.origin().of(bundle, version));
    }

    /** Whether somebody serves each of these. */
    boolean fills(List<Post> posts) {
        for (Post post : posts) {
            if (!chosen.containsKey(post)) {
                return false;
            }
        }
        return true;
    }

    /** Those of which nobody serves. */
    List<Post> missing(List<Post> posts) {
        return posts.stream().filter(post -> !chosen.containsKey(post)).toList();
    }

    /** What somebody serves. */
    Set<Post> filled() {
        return Set.copyOf(chosen.keySet());
    }

    /** The same with the names of the bundles. */
    Map<Post, String> bundles() {
        return chosen.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, its -> its.getValue().origin().bundle()));
    }

    /** Of a role, who is preferred by rank; of several of one rank the one that came first. */
    Optional<Provider> first(Role role) {
        return all(role).filter(p -> chosen.get(p.origin().post()) == p)
            .reduce((one, other) -> other.origin().rank() > one.origin().rank() ? other : one);
    }

    /** Who serves new flows that are not pinned elsewhere. */
    Optional<Provider> of(Post post) {
        return Optional.ofNullable(chosen.get(post));
    }

    /** Everybody of a role, those who came first before the others. */
    Stream<Provider> all(Role role) {
        return providers.stream().filter(p -> p.origin().post().role() == role);
    }

    /** What flows are limited by, those that came first before the others; empty in most nodes. */
    List<Post> policies() {
        return policies;
    }

    /** Who serves a new flow. */
    Optional<Provider> of(Post post, EngineListener listener, InetAddress peer) {
        Optional<Provider> pinned = pins.isEmpty() ? Optional.empty() : pinned(post, listener.rules(), peer);
        return pinned.isPresent() ? pinned : of(post);
    }

    private Optional<Provider> pinned(Post post, Set<String> rules, InetAddress peer) {
        for (VersionPin pin : pins) {
            if (pin.rule().filter(rules::contains).isPresent() || pin.source().filter(s -> s.contains(peer)).isPresent()) {
                for (Provider candidate : providers) {
                    if (candidate.origin().post().equals(post) && candidate.origin().of(pin.bundle(), pin.version())) {
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
        return providers.stream().map(p -> p.view(chosen.get(p.origin().post()) == p)).toList();
    }
}
