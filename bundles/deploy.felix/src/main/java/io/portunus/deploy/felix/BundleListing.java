// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.node.api.BundleView;
import io.portunus.node.api.Impact;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** The bundles as surfaces show them. Thread-safe. */
final class BundleListing {
    /** Wires that break when the provider is replaced: packages, required bundles, fragments. */
    private static final Set<String> NAMESPACES =
        Set.of(BundleRevision.PACKAGE_NAMESPACE, BundleRevision.BUNDLE_NAMESPACE, BundleRevision.HOST_NAMESPACE);
    private final Site site;
    /** Signers by the bundle's id, and of which settings: to verify is to read the whole jar. */
    private final Map<Long, Signer> signers = new ConcurrentHashMap<>();

    private record Signer(List<String> trusted, Optional<String> subject) {
    }

    BundleListing(Site site) {
        this.site = site;
    }

    List<BundleView> bundles(Optional<Bake> bake) {
        List<Bundle> all = site.bundles().all();
        signers.keySet().retainAll(all.stream().map(Bundle::getBundleId).toList());
        return all.stream().filter(bundle -> bundle.getState() != Bundle.UNINSTALLED).map(bundle -> view(bundle, bake))
            .sorted(Comparator.comparing(BundleView::name).thenComparing(BundleView::id)).toList();
    }

    private BundleView view(Bundle bundle, Optional<Bake> bake) {
        boolean deployed = site.store().holds(bundle);
        // Only what can be replaced is held by flows; to ask costs a walk through all of them.
        boolean live = site.bundles().live(bundle);
        return new BundleView(bundle.getBundleId(), String.valueOf(bundle.getSymbolicName()), bundle.getVersion().toString(), state(bundle),
            deployed ? BundleView.Origin.DEPLOYED : BundleView.Origin.DISTRIBUTION, deployed ? signer(bundle) : Optional.empty(),
            live, phase(bundle, bake), live ? site.holders().flows(bundle) : 0, site.bundles().missing(bundle));
    }

    private static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.UNINSTALLED -> "uninstalled";
            case Bundle.INSTALLED -> "installed";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            default -> "active";
        };
    }

    private Optional<String> signer(Bundle bundle) {
        List<String> trusted = site.settings().get().signers();
        return signers.compute(bundle.getBundleId(), (id, known) -> known != null && known.trusted().equals(trusted) ? known
            : new Signer(trusted, verified(bundle, trusted))).subject();
    }

    private Optional<String> verified(Bundle bundle, List<String> trusted) {
        if (trusted.isEmpty()) {
            return Optional.empty();
        }
        try {
            BundleJar jar = BundleJar.read(site.store().path(bundle.getSymbolicName(), bundle.getVersion().toString()));
            return Signers.of(trusted).verified(jar.signers());
        } catch (DeployException e) {
            return Optional.empty();
        }
    }

    private BundleView.Phase phase(Bundle bundle, Optional<Bake> bake) {
        String version = bundle.getVersion().toString();
        Optional<Bake> its = bake.filter(watched -> watched.bundle().equals(bundle.getSymbolicName()));
        if (its.filter(watched -> watched.newer().equals(version)).isPresent()) {
            return BundleView.Phase.BAKING;
        }
        if (its.isPresent() || site.drain().has(bundle)) {
            return site.holders().pinned(bundle) ? BundleView.Phase.PINNED : BundleView.Phase.DRAINING;
        }
        return BundleView.Phase.CURRENT;
    }

    Optional<Impact> impact(String name) {
        return site.serving(name).or(() -> site.bundles().named(name).stream().findFirst()).map(this::impact);
    }

    private Impact impact(Bundle bundle) {
        boolean live = site.bundles().live(bundle);
        List<String> restarts = dependents(bundle).stream().map(Bundle::getSymbolicName).distinct().sorted().toList();
        long flows = site.holders().flows(bundle);
        String verdict = live
            ? "It is replaced while the node forwards; " + flows + " flows stay on " + bundle.getVersion() + " until they end."
            : "It is replaced at the next restart only" + (restarts.isEmpty() ? "."
                : ", because " + restarts.size() + " bundles hold what it exports.");
        return new Impact(bundle.getSymbolicName(), bundle.getVersion().toString(), live, restarts, flows, verdict);
    }

    /** Bounded by the bundles there are: each is visited once. */
    private static Set<Bundle> dependents(Bundle bundle) {
        Set<Bundle> found = new LinkedHashSet<>();
        Deque<Bundle> open = new ArrayDeque<>(List.of(bundle));
        while (!open.isEmpty()) {
            Optional<BundleWiring> wiring = Optional.ofNullable(open.pop().adapt(BundleWiring.class));
            for (BundleWire wire : wiring.map(its -> its.getProvidedWires(null)).orElse(List.of())) {
                Bundle requirer = wire.getRequirer().getBundle();
                if (NAMESPACES.contains(wire.getCapability().getNamespace()) && !requirer.equals(bundle) && found.add(requirer)) {
                    open.push(requirer);
                }
            }
        }
        return found;
    }
}
