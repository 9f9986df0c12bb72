// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** One upgrade, from the jar to the version that serves. Used once, by the thread that has the turn. */
final class Upgrade {
    private static final Duration LOOK = Duration.ofMillis(200);
    /** Each such look goes through all live flows, of which there may be tens of thousands. */
    private static final int LOOKS_AT_FLOWS = 5;
    private final Site site;
    private final Consumer<Optional<Bake>> baking;
    private final Switchover acts;
    private String name = "";
    private Optional<Bundle> older = Optional.empty();
    private Optional<Bake> bake = Optional.empty();

    /**
     * Prepares an upgrade.
     *
     * @param baking is called when the version is being watched, and when no more
     */
    Upgrade(Site site, Consumer<Optional<Bake>> baking) {
        this.site = site;
        this.baking = baking;
        this.acts = new Switchover(site);
    }

    /** Does all of it, or nothing. */
    Deployment run(Path source, Optional<Duration> drain) {
        try {
            Path copy = site.store().receive(source);
            acts.onFailure(() -> site.store().discard(copy));
            Bundle newer = install(copy);
            acts.start(newer, older);
            acts.selfCheck(newer);
            Sample before = site.sample(false);
            acts.handOver(older, newer);
            acts.prefer(older, newer);
            watch(newer, before);
            putDown(newer);
            older.ifPresent(old -> acts.release(old, drain));
            return result(true, Site.versionOf(Optional.of(newer)), List.of());
        } catch (DeployException e) {
            return failed(e.problems());
        } finally {
            baking.accept(Optional.empty());
        }
    }

    private Deployment failed(List<Problem> problems) {
        bake.ifPresent(Bake::close);
        String from = Site.versionOf(older);
        try {
            acts.undo();
        } catch (DeployException e) {
            acts.step("It could not be taken back whole: " + e.getMessage());
        }
        bake.ifPresent(watched -> watched.takenBack(new Deployment(true, name, watched.newer(), from,
            List.of("New flows go to " + (from.isEmpty() ? "no version of " + name : name + " " + from) + "; "
                + watched.newer() + " was still being watched and goes when its last flow has ended."), List.of())));
        return result(false, from, problems);
    }

    private Deployment result(boolean done, String to, List<Problem> problems) {
        return new Deployment(done, name, Site.versionOf(older), to, acts.steps(), problems);
    }

    private Bundle install(Path copy) {
        BundleJar jar = BundleJar.read(copy);
        name = jar.name();
        older = site.serving(name);
        site.drain().sweep();
        String version = jar.version().toString();
        Signers signers = Signers.of(site.settings().get().signers());
        List<Problem> problems = checks().problems(jar, site.settings().get(), signers);
        if (!problems.isEmpty()) {
            throw new DeployException(problems);
        }
        acts.step("Read " + name + " " + version + " to its end"
            + signers.verified(jar.signers()).map(subject -> "; it is signed by " + subject).orElse("") + ".");
        Optional<Bundle> there = site.bundles().find(name, version);
        return there.isPresent() ? again(there.get(), copy) : anew(copy, version);
    }

    private JarChecks checks() {
        Map<Version, Long> present = new HashMap<>();
        site.bundles().named(name).forEach(bundle -> present.put(bundle.getVersion(), site.holders().flows(bundle)));
        return new JarChecks(older.map(Bundle::getVersion), older.filter(site.bundles()::live).isPresent(), present);
    }

    /** The version was taken back before and still drains: the framework would not install it twice. */
    private Bundle again(Bundle there, Path copy) {
        String version = there.getVersion().toString();
        Path stored = site.store().path(name, version);
        if (!site.store().holds(there) || !Files.exists(stored) || !JarStore.sha256(stored).equals(JarStore.sha256(copy))) {
            throw new DeployException(DeployCode.NOT_NEWER, name + " " + version + " is still there with other content and carries "
                + site.holders().flows(there) + " flows: wait until they have ended, or give the jar another version.");
        }
        site.store().discard(copy);
        boolean left = site.drain().cancel(there);
        acts.onFailure(() -> site.drain().add(there, Optional.empty()));
        if (!left && there.getState() == Bundle.UNINSTALLED) {
            throw new DeployException(ProblemCode.BUSY, name + " " + version + " was being taken away; try again.");
        }
        acts.step("It is still there and is used again.");
        return there;
    }

    private Bundle anew(Path copy, String version) {
        if (site.bundles().installed(JarStore.location(site.store().path(name, version)))) {
            throw BundleJar.unreadable("the jar of another bundle is already kept under the name it would have");
        }
        acts.onFailure(() -> site.ledger().prune(name));
        // A jar that is not installed yet looks like one that nobody needs any more.
        Bundle bundle = site.drain().hold(() -> site.bundles().install(JarStore.location(site.store().keep(copy, name, version))));
        acts.onFailure(() -> {
            site.drain().add(bundle, Optional.empty());
            site.drain().sweep();
        });
        site.bundles().resolve(bundle);
        acts.step("Installed it" + older.map(old -> " beside " + old.getVersion()).orElse("") + "; it has everything it needs.");
        return bundle;
    }

    private void watch(Bundle newer, Sample before) {
        Duration time = site.settings().get().bake();
        Bake watched = new Bake(name, Site.versionOf(older), newer.getVersion().toString());
        bake = Optional.of(watched);
        baking.accept(bake);
        BakeVerdict verdict = new BakeVerdict(name, watched.older(), watched.newer(), before);
        int looks = 0;
        for (long left = time.toMillis(); left > 0; left -= LOOK.toMillis()) {
            Optional<String> asked = await(watched, LOOK.toMillis() < left ? LOOK : Duration.ofMillis(left));
            look(verdict, asked, looks++ % LOOKS_AT_FLOWS == 0);
        }
        look(verdict, watched.close(), true);
        acts.step("Watched it for " + time.toMillis() / 1000.0 + " s: nothing spoke against it.");
    }

    private void look(BakeVerdict verdict, Optional<String> asked, boolean flows) {
        if (site.stopped()) {
            throw Switchover.stops();
        }
        Optional<String> cause = asked;
        if (cause.isEmpty()) {
            Sample now = site.sample(flows);
            cause = verdict.judge(now).map(why -> why + ".");
            if (cause.isPresent()) {
                List<FlowView> stalled = verdict.stalled(flows ? now : site.sample(true));
                // After the switch back, so that they are the last; the version's other flows stay untouched.
                acts.afterUndo(() -> stalled.forEach(flow -> site.holders().versions().end(flow.id(), CloseReason.HANDLER_STALLED)));
            }
        }
        cause.ifPresent(why -> {
            throw new DeployException(DeployCode.BAKE_FAILED, name + " " + verdict.newer() + " was taken back: " + why);
        });
    }

    private static Optional<String> await(Bake watched, Duration atMost) {
        try {
            return watched.await(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Switchover.stops();
        }
    }

    /** From here on the next start takes the new version. */
    private void putDown(Bundle newer) {
        String version = newer.getVersion().toString();
        int most = site.settings().get().maxVersions();
        Ledger.Line line = older.map(old -> site.ledger().line(name).orElse(new Ledger.Line(old.getVersion().toString(), List.of()))
            .next(version, most)).orElse(new Ledger.Line(version, List.of()));
        site.ledger().serve(name, Optional.of(line));
        acts.step("Wrote the generation: the next start takes it, too.");
        site.ledger().prune(name);
    }
}
