// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Post;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The acts that bring a version to serve, each with its sentence and its way back. Confined to the thread of one change. */
final class Switchover {
    private static final Logger LOG = LoggerFactory.getLogger(Switchover.class);
    private static final long LOOK_MILLIS = 20;
    private final Site site;
    private final List<String> steps = new ArrayList<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();

    Switchover(Site site) {
        this.site = site;
    }

    void step(String sentence) {
        steps.add(sentence);
    }

    List<String> steps() {
        return steps;
    }

    /** What to do if a later act fails. */
    void onFailure(Runnable act) {
        undo.push(act);
    }

    /** What to do once everything was taken back. */
    void afterUndo(Runnable act) {
        undo.addLast(act);
    }

    /**
     * Takes back what was done, the last first, each act whatever became of the others; unless the node stops: the next start finds the old
     * generation.
     */
    void undo() {
        while (!undo.isEmpty() && !site.stopped()) {
            Runnable act = undo.pop();
            try {
                act.run();
            } catch (Throwable lastResort) {
                step("It could not be taken back whole: " + Deadline.rootCause(lastResort));
            }
        }
    }

    /** What is reported of something thrown that nobody expected. */
    static Problem defect(String bundle, Throwable fault) {
        LOG.atError().addKeyValue("event", "bundle.change_failed").addKeyValue("bundle", bundle).setCause(fault)
            .log("a change of a bundle failed by a defect and is taken back");
        return Problem.of(DeployCode.CHANGE_FAILED, "", "The change failed by a defect (" + Deadline.rootCause(fault)
            + ") and was taken back; the log has its trace.");
    }

    /** Starts a version and waits until it offers what the older one does. */
    void start(Bundle newer, Optional<Bundle> older) {
        if (newer.getState() != Bundle.ACTIVE) {
            site.bundles().start(newer);
        }
        offer(newer, older.map(this::kinds).orElse(Set.of()));
    }

    /** The same for who goes back, to a version that declares less: what it does not declare is not waited for. */
    void startAgain(Bundle target, Optional<Bundle> from) {
        if (target.getState() != Bundle.ACTIVE) {
            site.bundles().start(target);
        }
        List<Offer> declared = site.bundles().declared(target);
        offer(target, from.map(this::kinds).orElse(Set.of()).stream().filter(kind -> Offer.parse(kind).filter(declared::contains).isPresent())
            .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Waits until a version that was started offers what is needed. */
    private void offer(Bundle newer, Set<String> needed) {
        long looks = site.bundles().patience().toMillis() / LOOK_MILLIS;
        boolean ready = ready(newer, needed);
        for (long look = 0; look < looks && !ready; look++) {
            pause();
            ready = ready(newer, needed);
        }
        if (!ready) {
            throw new DeployException(DeployCode.START_FAILED, name(newer) + " started, but does not offer "
                + (needed.isEmpty() ? "its SelfCheck" : "its SelfCheck and " + String.join(", ", needed)) + " within "
                + site.bundles().patience().toSeconds() + " s.");
        }
        step("Started " + name(newer) + (needed.isEmpty() ? "." : "; it offers " + String.join(", ", needed) + "."));
    }

    private boolean ready(Bundle newer, Set<String> needed) {
        List<Offer> undeclared = site.ownership().undeclared(newer);
        if (!undeclared.isEmpty()) {
            throw new DeployException(undeclared.stream().map(offer -> Problem.of(DeployCode.KIND_UNDECLARED, offer.toString(), name(newer)
                + " offers " + offer + " and does not declare it: have its manifest say \"" + Offer.HEADER + ": " + offer.clause() + "\"."))
                .toList());
        }
        return site.bundles().offers(newer, SelfCheck.class) && kinds(newer).containsAll(needed);
    }

    private Set<String> kinds(Bundle bundle) {
        return site.holders().providers(bundle).stream().map(Switchover::kind).collect(Collectors.toCollection(TreeSet::new));
    }

    static String kind(ProviderView provider) {
        return new Offer(provider.role().code(), provider.kind()).toString();
    }

    private void pause() {
        try {
            if (site.stopping().await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw stops();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stops();
        }
    }

    static DeployException stops() {
        return new DeployException(ProblemCode.BUSY, "The node stops; the change was left where it was and is not in force.");
    }

    /** Asks a version whether it works. */
    void selfCheck(Bundle newer) {
        List<Problem> found;
        try {
            // Copied: what the bundle gave may be a list of its own class.
            found = site.bundles().ask(newer, SelfCheck.class, check -> List.copyOf(check.run()));
        } catch (TimeoutException e) {
            throw new DeployException(SelfCheck.FAILED,
                "The check of " + name(newer) + " did not answer: " + e.getMessage() + ".");
        } catch (ExecutionException e) {
            throw new DeployException(SelfCheck.FAILED, "The check of " + name(newer) + " threw " + Deadline.rootCause(e) + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stops();
        }
        if (!found.isEmpty()) {
            throw new DeployException(found.stream()
                .map(problem -> Problem.of(SelfCheck.FAILED, problem.path(), name(newer) + " says: " + problem.text())).toList());
        }
        step("The check of " + name(newer) + " found nothing wrong.");
    }

    /** Gives the older version's state to the newer; a failure is reported as a step, and the newer begins with none. */
    void handOver(Optional<Bundle> older, Bundle newer) {
        if (older.isEmpty() || !site.bundles().offers(older.get(), Handover.class) || !site.bundles().offers(newer, Handover.class)) {
            return;
        }
        try {
            Map<String, Object> state = site.bundles().ask(older.get(), Handover.class, giver -> PlainState.copy(giver.give()));
            site.bundles().ask(newer, Handover.class, taker -> {
                taker.take(state);
                return true;
            });
            step("Handed over " + state.size() + " values of state.");
        } catch (TimeoutException e) {
            step("The state was not handed over: " + e.getMessage() + ".");
        } catch (ExecutionException e) {
            step("The state was not handed over: " + Deadline.rootCause(e) + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stops();
        }
    }

    /**
     * The switch: new flows go to the newer version, of the kinds that are the bundle's then. A bundle that gives flows nothing is switched by
     * stopping the older one, which leaves its posts to the newer.
     */
    void prefer(Optional<Bundle> older, Bundle newer, Claims claims) {
        String bundle = newer.getSymbolicName();
        Claims before = site.ownership().claims();
        onFailure(() -> older.ifPresentOrElse(old -> {
            if (old.getState() != Bundle.ACTIVE) {
                site.bundles().start(old);
                // It was stopped, so that what it knew is with the newer one.
                handOver(Optional.of(newer), old);
            }
            site.ownership().decide(before, bundle, old.getVersion().toString());
        }, () -> site.ownership().decide(before)));
        Map<Offer, String> owners = site.ownership().decision();
        boolean provides = site.ownership().decide(claims, bundle, newer.getVersion().toString());
        if (provides) {
            step("New flows go to " + name(newer) + ".");
        } else {
            takeOver(older, newer);
        }
        reportOwners(bundle, owners);
    }

    /** Has a version take the posts of the older one, and waits until it serves with them, unless the older one did not either. */
    private void takeOver(Optional<Bundle> older, Bundle newer) {
        boolean well = older.map(Switchover::lacking).orElse(List.of()).isEmpty();
        older.ifPresent(old -> requireApplied(old, newer));
        older.ifPresent(site.bundles()::stop);
        List<String> lacking = lacking(newer);
        for (long look = site.bundles().patience().toMillis() / LOOK_MILLIS; look > 0 && well && !lacking.isEmpty(); look--) {
            pause();
            lacking = lacking(newer);
        }
        if (well && !lacking.isEmpty()) {
            throw new DeployException(DeployCode.START_FAILED, name(newer) + " does not take over within "
                + site.bundles().patience().toSeconds() + " s: " + String.join("; ", lacking) + ".");
        }
        step(name(newer) + " serves" + older.map(old -> " in place of " + old.getVersion()).orElse("") + ".");
    }

    /** One that does not apply for what the older has would leave it to nobody. */
    private void requireApplied(Bundle older, Bundle newer) {
        List<String> unclaimed = unclaimed(older, newer);
        for (long look = site.bundles().patience().toMillis() / LOOK_MILLIS; look > 0 && !unclaimed.isEmpty(); look--) {
            pause();
            unclaimed = unclaimed(older, newer);
        }
        if (!unclaimed.isEmpty()) {
            throw new DeployException(DeployCode.START_FAILED, name(newer) + " does not take what " + older.getVersion() + " has within "
                + site.bundles().patience().toSeconds() + " s: " + String.join(", ", unclaimed) + ".");
        }
    }

    private static List<String> unclaimed(Bundle older, Bundle newer) {
        return Post.unclaimed(older.getSymbolicName(), older.getVersion().toString(), newer.getVersion().toString());
    }

    private static List<String> lacking(Bundle bundle) {
        return Post.lacking(bundle.getSymbolicName(), bundle.getVersion().toString());
    }

    /** A bundle has nothing any more: its kinds go back to those whom it replaced. */
    void giveBack(String bundle) {
        Claims before = site.ownership().claims();
        Map<Offer, String> owners = site.ownership().decision();
        onFailure(() -> site.ownership().decide(before));
        site.ownership().decide(site.ownership().all().without(bundle, List.of()));
        reportOwners(bundle, owners);
    }

    /** Which kinds have another owner than before, or stay with another although the bundle declares them. */
    private void reportOwners(String bundle, Map<Offer, String> before) {
        Map<Offer, String> now = site.ownership().decision();
        before.forEach((offer, owner) -> {
            String newer = Objects.toString(now.get(offer), "");
            if (!newer.equals(owner)) {
                step(newer.isEmpty() ? "Nobody serves " + offer + " any more." : newer + " serves " + offer + " now, in place of " + owner + ".");
            } else if (!owner.equals(bundle) && site.ownership().claims().has(offer, bundle)) {
                step(offer + " stays with " + owner + ", which replaced " + bundle + ".");
            }
        });
    }

    /** Puts down which version serves, and whose the kinds are. */
    void serve(String bundle, Optional<Ledger.Line> line) {
        Optional<Ledger.Line> former = site.ledger().line(bundle);
        Claims claims = site.ledger().claims();
        site.ledger().serve(bundle, line, site.ownership().claims());
        onFailure(() -> site.ledger().serve(bundle, former, claims));
    }

    /** Lets a version go. */
    void release(Bundle bundle, Optional<Duration> drain) {
        long flows = site.holders().flows(bundle);
        onFailure(() -> site.drain().cancel(bundle));
        site.drain().add(bundle, drain);
        if (site.holders().pinned(bundle)) {
            step(name(bundle) + " stays for what is pinned to it.");
            return;
        }
        step(name(bundle) + (flows == 0 ? " goes: no flow holds it." : " goes when its last flow has ended; " + flows + " hold it"
            + drain.map(time -> ", at most for " + time.toSeconds() + " s more.").orElse(".")));
    }

    static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
