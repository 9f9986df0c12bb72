// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.LoopView;
import io.portunus.flow.spi.Cancellable;
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
import java.util.Set;
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
    private String version = "";
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

    /** Does all of it, or nothing, whatever is thrown. */
    Deployment run(Path source, Optional<Duration> drain, Set<String> replaces) {
        // From here on, so that there is something of the older version to compare with.
        Cancellable loops = site.holders().versions().watchLoops();
        try {
            steps(source, drain, replaces);
            return result(true, version, List.of());
        } catch (DeployException e) {
            return failed(e.problems());
        } catch (Throwable lastResort) {
            return failed(List.of(Switchover.defect(name, lastResort)));
        } finally {
            loops.cancel();
            baking.accept(Optional.empty());
        }
    }

    private void steps(Path source, Optional<Duration> drain, Set<String> replaces) {
        Sample begin = site.sample(false);
        Path copy = site.store().receive(source);
        acts.onFailure(() -> site.store().discard(copy));
        Bundle newer = install(copy, replaces);
        version = newer.getVersion().toString();
        acts.start(newer, older);
        acts.selfCheck(newer);
        Sample before = site.sample(false);
        Claims claims = site.ownership().all().with(name, site.bundles().declared(newer), replaces);
        acts.handOver(older.or(() -> replaced(claims)), newer);
        acts.prefer(older, newer, claims);
        Optional<String> unproven = watch(begin, before);
        putDown();
        older.ifPresent(old -> acts.release(old, drain));
        site.proofs().put(name, version, unproven);
    }

    private Deployment failed(List<Problem> problems) {
        bake.ifPresent(Bake::close);
        String from = Site.versionOf(older);
        acts.undo();
        rememberTakenBack(problems);
        bake.ifPresent(watched -> watched.takenBack(new Deployment(true, name, watched.newer(), from,
            List.of("New flows go to " + (from.isEmpty() ? "no version of " + name : name + " " + from) + "; "
                + watched.newer() + " was still being watched and goes when its last flow has ended."), List.of())));
        return result(false, from, problems);
    }

    /** What was watched, and taken back, is no version to go back to; of a bundle that had no other there is nothing to go back to at all. */
    private void rememberTakenBack(List<Problem> problems) {
        boolean hasOlder = bake.filter(watched -> !watched.older().isEmpty()).isPresent();
        if (hasOlder && problems.stream().anyMatch(problem -> problem.code().equals(DeployCode.BAKE_FAILED))) {
            try {
                site.ledger().takeBack(name, bake.get().newer());
            } catch (DeployException e) {
                acts.step("That it was taken back was not put down: " + e.getMessage());
            }
        }
    }

    private Deployment result(boolean done, String to, List<Problem> problems) {
        return new Deployment(done, name, Site.versionOf(older), to, acts.steps(), problems);
    }

    /** Of a bundle that is new, whoever served what it takes: its state is handed over. */
    private Optional<Bundle> replaced(Claims claims) {
        return claims.lines().values().stream().filter(line -> line.size() > 1 && line.getFirst().equals(name))
            .flatMap(line -> site.serving(line.get(1)).stream()).findFirst();
    }

    private Bundle install(Path copy, Set<String> replaces) {
        BundleJar jar = BundleJar.read(copy);
        name = jar.name();
        older = site.serving(name);
        site.drain().sweep();
        String number = jar.version().toString();
        Signers signers = Signers.of(site.settings().get().signers());
        List<Problem> problems = checks().problems(jar, site.settings().get(), signers, replaces);
        if (!problems.isEmpty()) {
            throw new DeployException(problems);
        }
        acts.step("Read " + name + " " + number + " to its end"
            + signers.verified(jar.signers(), name).map(subject -> "; it is signed by " + subject).orElse("") + ".");
        Optional<Bundle> there = site.bundles().find(name, number);
        return there.isPresent() ? again(there.get(), copy) : anew(copy, number);
    }

    private JarChecks checks() {
        Map<Version, Long> present = new HashMap<>();
        site.bundles().named(name).forEach(bundle -> present.put(bundle.getVersion(), site.holders().flows(bundle)));
        return new JarChecks(older.map(Bundle::getVersion), older.filter(site.bundles()::live).isPresent(), present,
            site.ownership().all(), site.bundles()::exported);
    }

    /** The version was taken back before and still drains: the framework would not install it twice. */
    private Bundle again(Bundle there, Path copy) {
        String number = there.getVersion().toString();
        Path stored = site.store().path(name, number);
        if (!site.store().holds(there) || !Files.exists(stored) || !JarStore.sha256(stored).equals(JarStore.sha256(copy))) {
            throw new DeployException(DeployCode.NOT_NEWER, name + " " + number + " is still there with other content and carries "
                + site.holders().flows(there) + " flows: wait until they have ended, or give the jar another version.");
        }
        site.store().discard(copy);
        site.drain().cancel(there);
        if (there.getState() == Bundle.UNINSTALLED) {
            throw new DeployException(ProblemCode.BUSY, name + " " + number + " was being taken away; try again.");
        }
        acts.onFailure(() -> site.drain().add(there, Optional.empty()));
        acts.step("It is still there and is used again.");
        return there;
    }

    private Bundle anew(Path copy, String number) {
        if (site.bundles().installed(JarStore.location(site.store().path(name, number)))) {
            throw BundleJar.unreadable("the jar of another bundle is already kept under the name it would have");
        }
        acts.onFailure(() -> site.ledger().prune(name));
        // A jar that is not installed yet looks like one that nobody needs any more.
        site.trust().forget(site.store().path(name, number));
        Bundle bundle = site.drain().hold(() -> site.bundles().install(JarStore.location(site.store().keep(copy, name, number))));
        acts.onFailure(() -> {
            site.drain().add(bundle, Optional.empty());
            site.drain().sweep();
        });
        site.bundles().resolve(bundle);
        acts.step("Installed it" + older.map(old -> " beside " + old.getVersion()).orElse("") + "; it has everything it needs.");
        return bundle;
    }

    /**
     * Watches it.
     *
     * @return why nothing is proved by what was seen, if so
     */
    private Optional<String> watch(Sample begin, Sample before) {
        Duration time = site.settings().get().bake();
        Bake watched = new Bake(name, Site.versionOf(older), version);
        bake = Optional.of(watched);
        baking.accept(bake);
        BakeVerdict verdict = new BakeVerdict(name, watched.older(), version, begin, before);
        int looks = 0;
        for (long left = time.toMillis(); left > 0; left -= LOOK.toMillis()) {
            Optional<String> asked = await(watched, LOOK.toMillis() < left ? LOOK : Duration.ofMillis(left));
            look(verdict, asked, looks++ % LOOKS_AT_FLOWS == 0);
        }
        for (long left = LoopVerdict.PATIENCE.toMillis(); left > 0 && LoopVerdict.undecided(loops()); left -= LOOK.toMillis()) {
            look(verdict, await(watched, LOOK), false);
        }
        Sample last = look(verdict, watched.close(), true);
        Optional<String> unproven = verdict.unproven(last).map(seen -> "not proven: " + seen);
        acts.step("Watched it for " + time.toMillis() / 1000.0 + " s: nothing spoke against it."
            + unproven.map(why -> " It is " + why + ", where " + Share.LEAST + " are the least that prove anything. It stays: look at it again"
                + " when it has traffic, and take it back with 'portunus:rollback " + name + "' if something is wrong.").orElse(""));
        return unproven;
    }

    private Sample look(BakeVerdict verdict, Optional<String> asked, boolean flows) {
        if (site.stopped()) {
            throw Switchover.stops();
        }
        asked.ifPresent(this::takeBack);
        new LoopVerdict(new LoopView.Holder(name, version)).judge(loops()).ifPresent(why -> takeBack(why + "."));
        Sample now = site.sample(flows);
        Optional<String> cause = verdict.judge(now).map(why -> why + ".");
        if (cause.isPresent()) {
            List<FlowView> stalled = verdict.stalled(flows ? now : site.sample(true));
            // After the switch back, so that they are the last; the version's other flows stay untouched.
            acts.afterUndo(() -> stalled.forEach(flow -> site.holders().versions().end(flow.id(), CloseReason.HANDLER_STALLED)));
            takeBack(cause.get());
        }
        return now;
    }

    private void takeBack(String why) {
        throw new DeployException(DeployCode.BAKE_FAILED, name + " " + version + " was taken back: " + why);
    }

    private List<LoopView> loops() {
        return site.holders().engine().loops();
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
    private void putDown() {
        int most = site.settings().get().maxVersions();
        Ledger.Line line = older.map(old -> site.ledger().line(name).orElse(new Ledger.Line(old.getVersion().toString(), List.of()))
            .next(version, most)).orElse(new Ledger.Line(version, List.of()));
        acts.serve(name, Optional.of(line));
        acts.step("Wrote the generation: the next start takes it, too.");
        // Not before: what is still watched ends no flow that was there before it.
        site.holders().versions().settled(name, version);
        site.trust().deployed(name, version);
        site.ledger().prune(name);
    }
}
