// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.time.Duration;
import java.util.List;

/**
 * How bundles are checked and watched. Immutable.
 *
 * @param requireSigned whether a jar must be signed by one of the signers
 * @param signers PEM files, or PEM text, each with the names behind it that it may sign, {@code "acme.pem for com.acme.*"}
 * @param bake how long a new version is watched
 * @param maxVersions most versions of a bundle that are there at once
 */
record DeploySettings(boolean requireSigned, List<String> signers, Duration bake, int maxVersions) {
    DeploySettings {
        signers = List.copyOf(signers);
    }

    /** What the table sets. */
    static DeploySettings of(DeployConfig config) {
        return new DeploySettings(config.require_signed(), List.of(config.signers()),
            Duration.ofMillis(config.bake()), config.max_versions());
    }
}
