// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;

/** One way back: to the version before, or to the distribution's. Used once, by the thread that has the turn. */
final class Rollback {
    /** Rules that a refusal names; a kind may have thousands. */
    private static final int NAMED = 20;
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
            WayBack way = WayBack.from(site, newer);
            String version = way.target().orElseThrow(() -> new DeployException(DeployCode.NOTHING_TO_ROLL_BACK,
                "There is no version of " + name + " before " + newer.getVersion() + "."
                    + String.join("", way.remarks().stream().map(" "::concat).toList())));
            acts.step("Goes back from " + name + " " + newer.getVersion() + " to " + version + ".");
            way.remarks().forEach(acts::step);
            Bundle target = bundle(version).orElseThrow(this::notFound);
            switchTo(target);
            site.ledger().takeBack(name, newer.getVersion().toString());
            acts.release(newer, Optional.empty());
            return Site.versionOf(Optional.of(target));
        });
    }

    /** Takes every deployed version away. */
    Deployment toDistribution(Optional<Duration> drain, boolean force) {
        return guarded(() -> {
            boolean forgotten = site.ledger().forget(name);
            if (forgotten) {
                acts.step("It was left out at the start, and is forgotten.");
                site.ledger().prune(name);
            }
            if (site.bundles().named(name).isEmpty() && !forgotten) {
                throw notFound();
            }
            List<Bundle> deployed = site.bundles().named(name).stream().filter(site.store()::holds).toList();
            if (deployed.isEmpty() && forgotten) {
                acts.giveBack(name);
                acts.serve(name, Optional.empty());
                return Site.versionOf(serving);
            }
            if (deployed.isEmpty()) {
                throw new DeployException(DeployCode.NEEDS_RESTART,
                    name + " came with the distribution: install a distribution without it, and restart.");
            }
            refuseIfNeeded(distributed(), force);
            unpin(deployed);
            Optional<Bundle> own = site.bundles().named(name).stream().filter(bundle -> !site.store().holds(bundle)).findFirst()
                .flatMap(this::kept).or(() -> site.distribution().find(name).map(origin -> installed(origin.location())));
            own.filter(bundle -> serving.filter(bundle::equals).isEmpty()).ifPresent(this::switchTo);
            if (own.isEmpty()) {
                acts.giveBack(name);
                reportLosses(deployed);
            }
            acts.serve(name, Optional.empty());
            List<Bundle> there = deployed.stream().flatMap(bundle -> kept(bundle).stream()).toList();
            if (own.isEmpty()) {
                // Stopped at once, or new flows would keep them for ever; those they have go on with what they hold.
                there.forEach(this::stop);
            }
            there.forEach(bundle -> acts.release(bundle, drain));
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
            return failed(from, e.problems());
        } catch (Throwable lastResort) {
            return failed(from, List.of(Switchover.defect(name, lastResort)));
        }
    }

    private Deployment failed(String from, List<Problem> problems) {
        acts.undo();
        return new Deployment(false, name, from, from, acts.steps(), problems);
    }

    private DeployException notFound() {
        return new DeployException(List.of(Problem.of(ProblemCode.NOT_FOUND, "bundle", "There is no bundle " + name + ".")));
    }

    private void stop(Bundle bundle) {
        acts.onFailure(() -> site.bundles().start(bundle));
        site.bundles().stop(bundle);
    }

    /** From here on it is not taken away any more; empty if it was in this moment: its jar is still there. */
    private Optional<Bundle> kept(Bundle found) {
        if (site.drain().cancel(found)) {
            acts.onFailure(() -> site.drain().add(found, Optional.empty()));
        }
        return Optional.of(found).filter(bundle -> bundle.getState() != Bundle.UNINSTALLED);
    }

    private void switchTo(Bundle target) {
        site.bundles().resolve(target);
        acts.startAgain(target, serving);
        acts.selfCheck(target);
        acts.handOver(serving, target);
        acts.prefer(serving, target, site.ownership().all().with(name, site.bundles().declared(target), Set.of()));
        String version = target.getVersion().toString();
        Ledger.Line line = site.ledger().line(name).orElse(new Ledger.Line(version, List.of())).back(version);
        acts.serve(name, Optional.of(line));
        acts.step("Wrote the generation: the next start takes it, too.");
    }

    private Optional<Bundle> bundle(String version) {
        Optional<Bundle> there = site.bundles().find(name, version).flatMap(this::kept);
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
        acts.onFailure(() -> site.drain().add(bundle, Optional.empty()));
        acts.step("Installed " + Switchover.name(bundle) + " again.");
        return bundle;
    }

    private void unpin(List<Bundle> deployed) {
        Set<String> versions = deployed.stream().map(bundle -> bundle.getVersion().toString()).collect(Collectors.toSet());
        boolean any = site.ledger().exclusively(() -> {
            List<VersionPin> pins = site.ledger().pins();
            List<VersionPin> kept = pins.stream().filter(pin -> !pin.bundle().equals(name) || !versions.contains(pin.version())).toList();
            acts.onFailure(() -> pin(pins));
            pin(kept);
            return kept.size() < pins.size();
        });
        if (any) {
            acts.step("Took the pins to it away.");
        }
    }

    /** What the distribution's own version declares; nothing if there is none. */
    private List<Offer> distributed() {
        return site.bundles().named(name).stream().filter(bundle -> !site.store().holds(bundle)).findFirst().map(site.bundles()::declared)
            .or(() -> site.distribution().find(name).map(DistributionJars.Origin::offers)).orElse(List.of());
    }

    /** What rules take nothing without is not taken away in passing. */
    private void refuseIfNeeded(List<Offer> kept, boolean force) {
        List<Problem> problems = new ArrayList<>();
        Map<Offer, String> after = site.ownership().decision(site.ownership().all().without(name, kept));
        site.ownership().decision().forEach((offer, owner) -> {
            if (owner.equals(name) && !kept.contains(offer) && !serves(Objects.toString(after.get(offer), ""), offer)) {
                List<String> rules = site.ownership().rulesOn(offer, NAMED + 1);
                if (!rules.isEmpty()) {
                    problems.add(Problem.of(DeployCode.NEEDED_BY_RULES, offer.toString(), "Rules in force need " + offer + ", which nobody else"
                        + " serves: " + rules.stream().limit(NAMED).map(rule -> "'" + rule + "'").collect(Collectors.joining(", "))
                        + (rules.size() > NAMED ? " and more" : "") + ". Take it out of them first, or insist by --force (force=true)."));
                }
            }
        });
        if (!problems.isEmpty() && !force) {
            throw new DeployException(problems);
        }
    }

    private boolean serves(String bundle, Offer offer) {
        return !bundle.equals(name) && site.holders().versions().providers().stream()
            .anyMatch(provider -> provider.bundle().equals(bundle) && Switchover.kind(provider).equals(offer.toString()));
    }

    private void pin(List<VersionPin> pins) {
        site.ledger().pins(pins);
        site.holders().versions().pins(pins);
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
