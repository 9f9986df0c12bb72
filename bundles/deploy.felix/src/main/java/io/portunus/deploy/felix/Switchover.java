// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;

/** The acts that bring a version to serve, each with its sentence and its way back. Confined to the thread of one change. */
final class Switchover {
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

    /** Takes back what was done, the last first; unless the node stops: the next start finds the old generation. */
    void undo() {
        while (!undo.isEmpty() && !site.stopped()) {
            undo.pop().run();
        }
    }

    /** Starts a version and waits until it offers what the older one does. */
    void start(Bundle newer, Optional<Bundle> older) {
        if (newer.getState() != Bundle.ACTIVE) {
            site.bundles().start(newer);
        }
        Set<String> wanted = older.map(this::kinds).orElse(Set.of());
        long looks = site.bundles().patience().toMillis() / LOOK_MILLIS;
        boolean ready = ready(newer, wanted);
        for (long look = 0; look < looks && !ready; look++) {
            pause();
            ready = ready(newer, wanted);
        }
        if (!ready) {
            throw new DeployException(DeployCode.START_FAILED, name(newer) + " started, but does not offer "
                + (wanted.isEmpty() ? "its SelfCheck" : "its SelfCheck and " + String.join(", ", wanted)) + " within "
                + site.bundles().patience().toSeconds() + " s.");
        }
        step("Started " + name(newer) + (wanted.isEmpty() ? "." : "; it offers " + String.join(", ", wanted) + "."));
    }

    private boolean ready(Bundle newer, Set<String> wanted) {
        return site.bundles().offers(newer, SelfCheck.class) && kinds(newer).containsAll(wanted);
    }

    private Set<String> kinds(Bundle bundle) {
        return site.holders().providers(bundle).stream().map(Switchover::kind).collect(Collectors.toCollection(TreeSet::new));
    }

    static String kind(ProviderView provider) {
        return provider.role().name().toLowerCase(Locale.ROOT) + " " + provider.kind();
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
                "The check of " + name(newer) + " did not answer within " + site.bundles().patience().toSeconds() + " s.");
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
            step("The state was not handed over: no answer within " + site.bundles().patience().toSeconds() + " s.");
        } catch (ExecutionException e) {
            step("The state was not handed over: " + Deadline.rootCause(e) + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stops();
        }
    }

    /** The switch: new flows go to the newer version. A bundle that gives flows nothing is switched by stopping the older one. */
    void prefer(Optional<Bundle> older, Bundle newer) {
        String bundle = newer.getSymbolicName();
        onFailure(() -> older.ifPresent(old -> {
            if (old.getState() != Bundle.ACTIVE) {
                site.bundles().start(old);
            }
            site.holders().versions().prefer(bundle, old.getVersion().toString());
        }));
        boolean provides = site.holders().versions().prefer(bundle, newer.getVersion().toString());
        if (!provides) {
            older.ifPresent(site.bundles()::stop);
        }
        step("New flows go to " + name(newer) + ".");
    }

    /** Lets a version go. */
    void release(Bundle bundle, Optional<Duration> drain) {
        long flows = site.holders().flows(bundle);
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
