// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.KindOwners;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose each kind is: as it was put down; else of the distribution's bundle that declares it; else of the bundle that was deployed first. Gives the
 * engine what follows, and logs each change. Thread-safe.
 */
final class Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private final Bundles bundles;
    private final JarStore store;
    private final KindOwners engine;
    /** What is in force, put down or not yet. Guarded by this, and volatile for views. */
    private volatile Claims claims = Claims.NONE;
    /** What the engine was given last. Guarded by this. */
    private Map<Offer, String> decided = Map.of();

    Ownership(Bundles bundles, JarStore store, KindOwners engine) {
        this.bundles = bundles;
        this.store = store;
        this.engine = engine;
    }

    /** Takes what was put down. */
    synchronized void open(Claims kept) {
        claims = kept;
        decided = decision(kept);
        engine.decide(decided);
        absent().forEach(problem -> LOG.atWarn().addKeyValue("event", "kind.owner_missing").addKeyValue("kind", problem.path()).log(problem.text()));
    }

    Claims claims() {
        return claims;
    }

    /** The owner of each kind that a bundle declares. */
    Map<Offer, String> decision() {
        return decision(claims);
    }

    /** Whose each kind would be. */
    Map<Offer, String> decision(Claims its) {
        Map<Offer, String> all = new TreeMap<>();
        Set<String> installed = new HashSet<>();
        for (Bundle bundle : declaring()) {
            installed.add(bundle.getSymbolicName());
            bundles.declared(bundle).forEach(offer -> all.putIfAbsent(offer, bundle.getSymbolicName()));
        }
        its.lines().forEach((offer, names) -> all.put(offer, names.stream().filter(installed::contains).findFirst().orElse(names.getFirst())));
        return all;
    }

    /** The distribution's before those that were deployed, of each the first that was installed before the others. */
    private List<Bundle> declaring() {
        return bundles.all().stream().filter(bundle -> bundle.getState() != Bundle.UNINSTALLED && !bundles.declared(bundle).isEmpty())
            .sorted(Comparator.comparing(store::holds).thenComparing(Bundle::getBundleId)).toList();
    }

    /** All that is somebody's now, also what was not put down, so that a change knows from whom it takes. */
    Claims all() {
        Map<Offer, List<String>> lines = new TreeMap<>(claims.lines());
        decision().forEach((offer, owner) -> lines.putIfAbsent(offer, List.of(owner)));
        return new Claims(lines);
    }

    /** Puts claims in force, and gives new flows to a version of a bundle, in one step; returns whether the version gives flows anything. */
    synchronized boolean decide(Claims newer, String bundle, String version) {
        claims = newer;
        Map<Offer, String> next = decision(newer);
        boolean provides = engine.decide(next, bundle, version);
        announce(next);
        return provides;
    }

    /** Puts claims in force. */
    synchronized void decide(Claims newer) {
        claims = newer;
        Map<Offer, String> next = decision(newer);
        if (!next.equals(decided)) {
            engine.decide(next);
            announce(next);
        }
    }

    /** A bundle came or went, whoever did it: an owner that is not there any more has its kinds served by those whom it replaced. */
    void changed(BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UNINSTALLED || event.getType() == BundleEvent.UPDATED) {
            synchronized (this) {
                decide(claims);
            }
        }
    }

    private void announce(Map<Offer, String> next) {
        next.forEach((offer, owner) -> {
            String before = Objects.toString(decided.get(offer), "");
            if (!before.equals(owner)) {
                LOG.atInfo().addKeyValue("event", "kind.owner_changed").addKeyValue("kind", offer).addKeyValue("bundle", owner)
                    .addKeyValue("before", before).log("new flows get what this bundle offers, and no other's");
            }
        });
        decided = next;
    }

    /** What a version offers and its manifest does not declare. */
    List<Offer> undeclared(Bundle bundle) {
        return engine.undeclared().stream().filter(its -> its.bundle().equals(bundle.getSymbolicName())
            && its.version().equals(bundle.getVersion().toString())).map(KindOwners.Undeclared::offer).sorted().toList();
    }

    /** Names of rules that take nothing while nobody serves something. */
    List<String> rulesOn(Offer offer, int most) {
        return engine.rulesOn(offer, most);
    }

    /** One problem for each kind whose owner is not installed. */
    List<Problem> absent() {
        Map<Offer, String> now = new LinkedHashMap<>(decision());
        List<Problem> problems = new ArrayList<>();
        claims.lines().forEach((offer, names) -> {
            String owner = names.getFirst();
            if (bundles.named(owner).isEmpty()) {
                String instead = Objects.toString(now.get(offer), owner);
                problems.add(Problem.of(ProblemCode.COMPONENT_MISSING, offer.toString(), owner + ", which owns it, does not run; "
                    + (instead.equals(owner) ? "nobody else serves it" : instead + ", which it replaced, serves it meanwhile")
                    + ". Deploy it again, or remove it."));
            }
        });
        return problems.stream().sorted(Comparator.comparing(Problem::path)).toList();
    }
}
