// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.LoopView.Holder;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.Listener;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who serves new flows: a choice made once for every change and read by each accepted connection. Immutable. A post is served by the bundle that
 * owns it and by no other: the one that was decided, or else the first that came with it. Of its versions the preferred one serves, or the one that
 * came first; a pin that fits a flow goes before.
 */
final class Serving {
    private final List<Provider> providers;
    private final Map<String, String> preferred;
    /** Symbolic names of bundles by what they own; whoever went is still in it. As many as were ever offered. */
    private final Map<Post, String> owners;
    private final List<VersionPin> pins;
    private final Map<Post, Provider> chosen = new HashMap<>();
    private final List<Post> policies;

    /** Nobody. */
    static final Serving NOBODY = new Serving(List.of(), Map.of(), Map.of(), List.of());

    private Serving(List<Provider> providers, Map<String, String> preferred, Map<Post, String> decided, List<VersionPin> pins) {
        this.providers = List.copyOf(providers);
        this.preferred = Map.copyOf(preferred);
        Map<Post, String> all = new HashMap<>(decided);
        providers.forEach(p -> all.putIfAbsent(p.origin().post(), p.origin().bundle()));
        this.owners = Map.copyOf(all);
        this.pins = List.copyOf(pins);
        providers.stream().filter(p -> owns(p) && !supplanted(p)).forEach(p -> chosen.putIfAbsent(p.origin().post(), p));
        // After who serves is known: another version does not take the place of one that fails.
        chosen.values().removeIf(Provider::quarantined);
        this.policies = all(Role.POLICY).filter(this::owns).map(p -> p.origin().post()).distinct().toList();
    }

    private boolean owns(Provider provider) {
        return provider.origin().bundle().equals(owners.get(provider.origin().post()));
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
        return new Serving(all, preferred, owners, pins);
    }

    Serving without(Object service) {
        return new Serving(providers.stream().filter(p -> !p.is(service)).toList(), preferred, owners, pins);
    }

    Serving preferring(String bundle, String version) {
        Map<String, String> newer = new HashMap<>(preferred);
        newer.put(bundle, version);
        return new Serving(providers, newer, owners, pins);
    }

    /** The same, as it follows from who is in quarantine now. */
    Serving anew() {
        return new Serving(providers, preferred, owners, pins);
    }

    /**
     * With other pins.
     *
     * @throws IllegalArgumentException if there are too many
     */
    Serving pinning(List<VersionPin> newer) {
        if (newer.size() > FlowVersions.MAX_PINS) {
            throw new IllegalArgumentException("there are " + newer.size() + " pins; " + FlowVersions.MAX_PINS + " are the most");
        }
        return new Serving(providers, preferred, owners, newer);
    }

    /** Nothing stays of what was decided before, nor of who has gone. */
    Serving owned(Map<Post, String> decided) {
        return new Serving(providers, preferred, decided, pins);
    }

    // What is asked of it.

    boolean runs(String bundle, String version) {
        return providers.stream().anyMatch(p -> p.origin().of(bundle, version));
    }

    /** Every part of the data path that a version of a bundle gives. */
    Stream<Provider> of(Holder version) {
        return providers.stream().filter(p -> p.origin().of(version.bundle(), version.version()));
    }

    /** Whether new flows get a part of a version of a bundle. */
    boolean serves(Holder version) {
        return of(version).anyMatch(p -> chosen.get(p.origin().post()) == p);
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

    /** Symbolic names of the bundles that own something, whether they are there or not. */
    Map<Post, String> owners() {
        return owners;
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
                    if (candidate.origin().post().equals(post) && owns(candidate) && candidate.origin().of(pin.bundle(), pin.version())
                            && !candidate.quarantined()) {
                        return Optional.of(candidate);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** By what a listener needs, in its order: bundle and version that serve a client there; empty where nobody does. */
    Map<String, String> servedBy(Listener routes, Optional<EngineListener> listener, InetAddress client) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Post post : Post.neededBy(routes)) {
            all.put(post.path(), listener.flatMap(its -> of(post, its, client)).or(() -> of(post))
                .map(its -> its.origin().bundle() + " " + its.origin().version()).orElse(""));
        }
        return all;
    }

    List<VersionPin> pins() {
        return pins;
    }

    List<ProviderView> views() {
        return providers.stream().map(p -> p.view(chosen.get(p.origin().post()) == p)).toList();
    }
}
