// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** One way back: to the version before, or to the distribution's. Used once, by the thread that has the turn. */
final class Rollback {
    private final Site site;
    private final String name;
    private final Optional<Bundle> serving;
    private final Switchover acts;

    Rollback(Site site, String name) {
        this.site = site;
        this.name = name;
        this.serving = site.serving(name);
        this.acts = new Switchover(site);
    }

    /** Gives new flows back to the version before. */
    Deployment toBefore() {
        return guarded(() -> {
            Bundle newer = serving.orElseThrow(this::notFound);
            Bundle target = before(newer).orElseThrow(() -> new DeployException(DeployCode.NOTHING_TO_ROLL_BACK,
                "There is no version of " + name + " before " + newer.getVersion() + "."));
            switchTo(target);
            acts.release(newer, Optional.empty());
            return Site.versionOf(Optional.of(target));
        });
    }

    /** Takes every deployed version away. */
    Deployment toDistribution(Optional<Duration> drain) {
        return guarded(() -> {
            if (site.bundles().named(name).isEmpty()) {
                throw notFound();
            }
            List<Bundle> deployed = site.bundles().named(name).stream().filter(site.store()::holds).toList();
            if (deployed.isEmpty()) {
                throw new DeployException(DeployCode.NEEDS_RESTART,
                    name + " came with the distribution: install a distribution without it, and restart.");
            }
            unpin(deployed);
            Optional<Bundle> own = site.bundles().named(name).stream().filter(bundle -> !site.store().holds(bundle)).findFirst()
                .or(() -> site.distribution().find(name).map(origin -> installed(origin.location())));
            own.filter(bundle -> serving.filter(bundle::equals).isEmpty()).ifPresent(this::switchTo);
            site.ledger().serve(name, Optional.empty());
            if (own.isEmpty()) {
                reportLosses(deployed);
            }
            deployed.forEach(bundle -> {
                acts.release(bundle, drain);
                if (own.isEmpty()) {
                    // Stopped at once, or new flows would keep it for ever; those it has go on with what they hold.
                    site.bundles().stop(bundle);
                }
            });
            site.ledger().prune(name);
            return Site.versionOf(own);
        });
    }

    private interface Change {
        /** Makes it and returns the version that serves then. */
        String make();
    }

    private Deployment guarded(Change change) {
        String from = Site.versionOf(serving);
        try {
            String to = change.make();
            return new Deployment(true, name, from, to, acts.steps(), List.of());
        } catch (DeployException e) {
            try {
                acts.undo();
            } catch (DeployException again) {
                acts.step("It could not be taken back whole: " + again.getMessage());
            }
            return new Deployment(false, name, from, from, acts.steps(), e.problems());
        }
    }

    private DeployException notFound() {
        return new DeployException(List.of(Problem.of(ProblemCode.NOT_FOUND, "bundle", "There is no bundle " + name + ".")));
    }

    private void switchTo(Bundle target) {
        site.drain().cancel(target);
        acts.onFailure(() -> site.drain().add(target, Optional.empty()));
        site.bundles().resolve(target);
        acts.start(target, serving);
        acts.selfCheck(target);
        acts.handOver(serving, target);
        acts.prefer(serving, target);
        String version = target.getVersion().toString();
        Ledger.Line line = site.ledger().line(name).orElse(new Ledger.Line(version, List.of())).back(version);
        site.ledger().serve(name, Optional.of(line));
        acts.step("Wrote the generation: the next start takes it, too.");
    }

    /** What served before, as was put down; after that what is older: deployed, or the distribution's. */
    private Optional<Bundle> before(Bundle newer) {
        Set<String> candidates = new LinkedHashSet<>(site.ledger().line(name).map(Ledger.Line::before).orElse(List.of()));
        List<Version> older = new ArrayList<>(site.store().versions(name));
        site.bundles().named(name).forEach(bundle -> older.add(bundle.getVersion()));
        site.distribution().find(name).ifPresent(origin -> older.add(origin.version()));
        older.stream().filter(version -> version.compareTo(newer.getVersion()) < 0).sorted(Comparator.reverseOrder())
            .forEach(version -> candidates.add(version.toString()));
        return candidates.stream().flatMap(version -> bundle(version).stream()).findFirst();
    }

    private Optional<Bundle> bundle(String version) {
        Optional<Bundle> there = site.bundles().find(name, version);
        if (there.isPresent()) {
            acts.step(name + " " + version + " is still there.");
            return there;
        }
        return Optional.of(site.store().path(name, version)).filter(Files::exists).map(JarStore::location)
            .or(() -> site.distribution().find(name).filter(origin -> origin.version().toString().equals(version))
                .map(DistributionJars.Origin::location))
            .map(this::installed);
    }

    private Bundle installed(String location) {
        Bundle bundle = site.bundles().install(location);
        acts.step("Installed " + Switchover.name(bundle) + " again.");
        return bundle;
    }

    private void unpin(List<Bundle> deployed) {
        Set<String> versions = deployed.stream().map(bundle -> bundle.getVersion().toString()).collect(Collectors.toSet());
        boolean any = site.ledger().exclusively(() -> {
            List<VersionPin> pins = site.ledger().pins();
            List<VersionPin> kept = pins.stream().filter(pin -> !pin.bundle().equals(name) || !versions.contains(pin.version())).toList();
            site.ledger().pins(kept);
            site.holders().versions().pins(kept);
            return kept.size() < pins.size();
        });
        if (any) {
            acts.step("Took the pins to it away.");
        }
    }

    private void reportLosses(List<Bundle> deployed) {
        Set<String> kept = site.holders().versions().providers().stream().filter(provider -> !provider.bundle().equals(name))
            .map(Switchover::kind).collect(Collectors.toSet());
        Set<String> lost = deployed.stream().flatMap(bundle -> site.holders().providers(bundle).stream()).map(Switchover::kind)
            .filter(kind -> !kept.contains(kind)).collect(Collectors.toCollection(TreeSet::new));
        if (!lost.isEmpty()) {
            acts.step("Nothing offers " + String.join(", ", lost) + " any more: what rules need of it is missing now.");
        }
    }
}
