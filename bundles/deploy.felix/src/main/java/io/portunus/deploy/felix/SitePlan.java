// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.KindOwners;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.NodeReadiness;
import io.portunus.node.api.ReadinessCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/**
 * Where a site is built.
 *
 * @param context of this bundle
 * @param state the node's state directory
 * @param repository the distribution's jars, if that is known
 * @param release version of the distribution
 * @param patience how long code of bundles may take
 * @param guard what calls it
 */
record SitePlan(BundleContext context, Path state, Optional<Path> repository, String release, Duration patience, BundleGuard guard) {
    /** Builds it; nothing runs yet. */
    Site site(FlowVersions versions, KindOwners owners, ForwardingEngine engine, List<ReadinessCheck> checks, Supplier<DeploySettings> settings)
            throws IOException {
        Bundles bundles = new Bundles(context, patience, guard);
        JarStore store = new JarStore(state.resolve("jars"));
        Ledger ledger = new Ledger(new GenerationFile(state), release, bundles, store);
        Holders holders = new Holders(versions, engine, ledger);
        Drain drain = new Drain(bundles, holders, InstantSource.system(), gone -> ledger.prune(String.valueOf(gone.getSymbolicName())));
        NodeReadiness asker = new NodeReadiness();
        return new Site(bundles, store, new DistributionJars(repository), ledger, new Ownership(bundles, store, owners),
            new Trust(store, settings), holders, drain, () -> asker.ask(List.copyOf(checks)), settings, new Proofs(), new CountDownLatch(1));
    }
}
