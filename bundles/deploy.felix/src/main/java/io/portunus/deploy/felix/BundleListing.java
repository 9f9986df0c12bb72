// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.model.Offer;
import io.portunus.node.api.BundleStanding;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.Impact;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    BundleListing(Site site) {
        this.site = site;
    }

    List<BundleView> bundles(Optional<Bake> bake) {
        List<Bundle> all = site.bundles().all();
        // One walk through all flows, and only where a version is on its way out.
        List<FlowView> flows = all.stream().anyMatch(bundle -> leaves(phase(bundle, bake))) ? site.holders().engine().flows() : List.of();
        return Stream.concat(all.stream().filter(bundle -> bundle.getState() != Bundle.UNINSTALLED).map(bundle -> view(bundle, bake, flows)),
                site.ledger().leftOut().stream().filter(entry -> entry.jar().isPresent()).map(BundleListing::leftOut))
            .sorted(Comparator.comparing(BundleView::name).thenComparing(BundleView::id)).toList();
    }

    private static boolean leaves(BundleView.Phase phase) {
        return phase == BundleView.Phase.DRAINING || phase == BundleView.Phase.PINNED;
    }

    private BundleView view(Bundle bundle, Optional<Bake> bake, List<FlowView> flows) {
        BundleView.Phase phase = phase(bundle, bake);
        Optional<BundleView.Leaving> leaving = leaves(phase)
            ? Optional.of(new BundleView.Leaving(site.drain().left(bundle), Holders.oldest(flows, bundle))) : Optional.empty();
        Optional<String> back = leaves(phase) || site.ledger().line(String.valueOf(bundle.getSymbolicName())).isEmpty() ? Optional.empty()
            : WayBack.from(site, bundle).target();
        boolean deployed = site.store().holds(bundle);
        BundleStanding standing = site.bundles().guard().standing(String.valueOf(bundle.getSymbolicName()), bundle.getVersion().toString());
        // Only what can be replaced is held by flows; to ask costs a walk through all of them.
        boolean live = site.bundles().live(bundle);
        return new BundleView(bundle.getBundleId(), String.valueOf(bundle.getSymbolicName()), bundle.getVersion().toString(), state(bundle),
            deployed ? BundleView.Origin.DEPLOYED : BundleView.Origin.DISTRIBUTION, deployed
                ? site.trust().signer(bundle.getSymbolicName(), bundle.getVersion().toString()) : Optional.empty(),
            live, standing.quarantined() ? BundleView.Phase.QUARANTINED : phase, live ? site.holders().flows(bundle) : 0, standing.faults(),
            serves(bundle), back, leaving, Stream.concat(problems(bundle).stream(), standing.sentences().stream()).toList(),
            site.proofs().lack(String.valueOf(bundle.getSymbolicName()), bundle.getVersion().toString()));
    }

    private static BundleView leftOut(Generation.Entry entry) {
        return new BundleView(-1, entry.name(), entry.version(), "left_out", BundleView.Origin.DEPLOYED, Optional.empty(), false,
            BundleView.Phase.LEFT_OUT, 0, 0, List.of(), Optional.empty(), Optional.empty(),
            List.of("It was left out at the start; /readyz and the log say why."), Optional.empty());
    }

    private List<String> serves(Bundle bundle) {
        return site.holders().providers(bundle).stream().filter(ProviderView::serving).map(Switchover::kind).sorted().toList();
    }

    /** What it lacks, and what it offers in vain. */
    private List<String> problems(Bundle bundle) {
        Map<Offer, String> owners = site.ownership().decision();
        Stream<String> others = site.bundles().declared(bundle).stream().filter(offer -> !Objects.equals(owners.get(offer), bundle.getSymbolicName()))
            .map(offer -> offer + " is not served by it but by " + owners.get(offer) + ", which owns it.");
        Stream<String> strays = site.ownership().undeclared(bundle).stream()
            .map(offer -> "It offers " + offer + " and does not declare it, so that it is not taken.");
        Stream<String> distrust = site.trust().complaint(bundle).map(why -> "It " + why + " It does not run after the next start.").stream();
        return Stream.of(site.bundles().missing(bundle).stream(), others, strays, distrust,
            site.trust().leftOut(String.valueOf(bundle.getSymbolicName())).stream()).flatMap(its -> its).toList();
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
        WayBack back = live ? WayBack.from(site, bundle) : new WayBack(Optional.empty(), List.of());
        List<String> remarks = new ArrayList<>(crowd(bundle));
        remarks.addAll(back.remarks());
        return new Impact(bundle.getSymbolicName(), bundle.getVersion().toString(), live, restarts, flows, back.target(), verdict, remarks);
    }

    /** That there may be no other version now, and which ones are in its way. */
    private List<String> crowd(Bundle bundle) {
        List<Bundle> there = site.bundles().named(bundle.getSymbolicName());
        int most = site.settings().get().maxVersions();
        return there.size() < most ? List.of() : List.of("An upgrade would be refused now, because there are " + there.size() + " versions, and "
            + most + " are the most (max_versions): " + there.stream().map(its -> its.getVersion() + " carries " + site.holders().flows(its)
            + " flows").collect(Collectors.joining(", ")) + ". End some with drainversion " + bundle.getSymbolicName() + " VERSION --within 10m.");
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
