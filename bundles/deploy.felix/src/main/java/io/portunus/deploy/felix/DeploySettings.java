// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.time.Duration;
import java.util.List;

/**
 * How bundles are checked and watched. Immutable.
 *
 * @param requireSigned whether a jar must be signed by one of the signers
 * @param signers PEM files, or PEM text
 * @param bake how long a new version is watched
 * @param maxVersions most versions of a bundle that are there at once
 */
record DeploySettings(boolean requireSigned, List<String> signers, Duration bake, int maxVersions) {
    private static final long MAX_BAKE_MILLIS = 600_000;
    private static final int MAX_VERSIONS = 8;

    DeploySettings {
        signers = List.copyOf(signers);
    }

    /** Settings within their ranges: the source of the configuration has told of what is outside. */
    static DeploySettings of(DeployConfig config) {
        return new DeploySettings(config.require_signed(), List.of(config.signers()),
            Duration.ofMillis(Math.clamp(config.bake(), 0, MAX_BAKE_MILLIS)), Math.clamp(config.max_versions(), 2, MAX_VERSIONS));
    }
}
