// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/**
 * Ready from its registration on, which comes when what the generation names serves; degraded while the owner of a kind is not there, while
 * something that was deployed was left out, and while something runs that would be at the next start, because its signer is not trusted.
 * Thread-safe.
 *
 * @param site the node
 * @param why why the launcher left out what was deployed, {@code "failed"} or {@code "off"}; empty if it did not
 * @param leftOut what it left out, each with its version
 */
record DeploymentReadiness(Site site, Optional<String> why, Supplier<List<String>> leftOut) implements ReadinessCheck {
    @Override
    public String name() {
        return DEPLOYMENT;
    }

    @Override
    public List<Problem> problems() {
        return List.of();
    }

    @Override
    public List<Problem> degraded() {
        Stream<Problem> out = why.stream().flatMap(cause -> leftOut.get().stream().map(version -> Problem.of(DeployCode.LEFT_OUT, version,
            cause.equals("off") ? version + " was deployed, and is left out as --without-deployed asks; the next start has it again."
                : version + " was deployed, and is left out because the last starts with what was deployed failed; remove or upgrade it.")));
        Stream<Problem> left = site.trust().leftOut().entrySet().stream().sorted(Map.Entry.comparingByKey()).map(entry -> Problem.of(
            DeployCode.BUNDLE_UNSIGNED, entry.getKey(), entry.getKey() + " was left out at the start: it " + entry.getValue()));
        Stream<Problem> running = site.bundles().all().stream().filter(bundle -> bundle.getState() == Bundle.ACTIVE)
            .flatMap(bundle -> site.trust().complaint(bundle).map(doubt -> Problem.of(
            DeployCode.BUNDLE_UNSIGNED, Switchover.name(bundle), Switchover.name(bundle) + " runs and " + doubt
                + " It does not run after the next start.")).stream());
        return Stream.of(site.ownership().absent().stream(), out, left, running).flatMap(its -> its).toList();
    }
}
