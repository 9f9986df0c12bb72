// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Offer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Which bundles could bring what is missing, so that nobody is sent for one that does not exist. Thread-safe; asked by views only.
 *
 * @param bundles those of the framework
 */
record Installed(Supplier<List<Bundle>> bundles) {
    /** Where there is no framework. */
    static final Installed NONE = new Installed(List::of);

    /** Those of the framework that a context is of; none once that stops. */
    static Installed of(BundleContext context) {
        return new Installed(() -> {
            try {
                return Arrays.asList(context.getBundles());
            } catch (IllegalStateException stopping) {
                return List.of();
            }
        });
    }

    /** What a bundle's manifest declares. */
    static List<Offer> declared(Bundle bundle) {
        return Optional.ofNullable(bundle.getHeaders("").get(Offer.HEADER)).map(Offer::declared).orElse(List.of());
    }

    /**
     * What to do while nobody serves something, a clause.
     *
     * @param owner symbolic name of the bundle whose it is, or was
     */
    String remedy(Post post, Optional<String> owner) {
        List<Bundle> able = bundles.get().stream().filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
            .filter(bundle -> owner.isEmpty() || owner.get().equals(bundle.getSymbolicName()))
            .filter(bundle -> owner.isPresent() || declared(bundle).contains(post.offer())).toList();
        if (able.isEmpty()) {
            return "deploy a bundle that brings one" + owner.map(name -> "; " + name + ", which had it, is not installed").orElse("");
        }
        String name = Objects.toString(able.getLast().getSymbolicName());
        return able.stream().anyMatch(bundle -> bundle.getState() == Bundle.ACTIVE)
            ? "the bundle " + name + " runs and does not offer it: see its problems and the log" : "start the bundle " + name;
    }
}
