// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.node.api.PartReadiness;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/**
 * What every change works with. Thread-safe.
 *
 * @param bundles the framework
 * @param store the deployed jars
 * @param distribution the distribution's jars
 * @param ledger what serves
 * @param ownership whose the kinds are
 * @param trust who signed the deployed jars
 * @param holders who holds a version
 * @param drain the versions that leave
 * @param readiness asks every part of the node whether it is ready
 * @param settings the settings in force
 * @param proofs what bakes did not prove
 * @param stopping zero once the component stops: what is under way is left as it is then
 */
record Site(Bundles bundles, JarStore store, DistributionJars distribution, Ledger ledger, Ownership ownership, Trust trust,
        Holders holders, Drain drain, Supplier<List<PartReadiness>> readiness, Supplier<DeploySettings> settings, Proofs proofs,
        CountDownLatch stopping) {

    boolean stopped() {
        return stopping.getCount() == 0;
    }

    /** The version of a bundle that new flows get: what was put down, or else what came first and stays. */
    Optional<Bundle> serving(String name) {
        Optional<Bundle> known = ledger.line(name).flatMap(line -> bundles.find(name, line.serving()));
        return known.or(() -> bundles.named(name).stream().filter(bundle -> !drain.has(bundle)).findFirst());
    }

    /**
     * Deletes jars that a process left which was killed in the middle of an upgrade.
     *
     * @param spared bundles of which something is wrong, that a look at it may mend
     */
    void pruneAll(Set<String> spared) {
        if (!ledger.damaged()) {
            bundles.all().stream().filter(bundles::live).map(Bundle::getSymbolicName).distinct().filter(name -> !spared.contains(name))
                .forEach(ledger::prune);
        }
    }

    /** Lets every version go that does not serve, as after a start in the middle of a change. */
    void drainStrays() {
        for (Bundle bundle : bundles.all()) {
            String name = String.valueOf(bundle.getSymbolicName());
            if (bundles.named(name).size() > 1 && bundles.live(bundle) && serving(name).filter(bundle::equals).isEmpty()) {
                drain.add(bundle, Optional.empty());
            }
        }
    }

    /**
     * What a bake looks at.
     *
     * @param flows whether to look at the flows, too, of which there may be many
     */
    Sample sample(boolean flows) {
        return new Sample(holders.versions().providers(), flows ? holders.engine().flows() : List.of(), readiness.get());
    }

    static String versionOf(Optional<Bundle> bundle) {
        return bundle.map(found -> found.getVersion().toString()).orElse("");
    }
}
