// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;
import java.util.Optional;

/**
 * When a target counts as failed, and as healthy again. What connections meet is always looked at; probes are made where there is a
 * {@link Probe}.
 *
 * @param failures failed connections within the window that make a target fail
 * @param window the time they are counted in
 * @param successes connections in a row that make a failed target healthy
 * @param ejection how long a failed target gets no connection before one is tried on it; doubles with each failed trial
 * @param maxEjection where the doubling ends
 * @param probe what asks the target by itself, if anything
 * @param silence when sessions of datagrams without an answer make it fail, if they do
 */
public record HealthPolicy(int failures, Duration window, int successes, Duration ejection, Duration maxEjection, Optional<Probe> probe,
        Optional<SilencePolicy> silence) {
    /** Three failures in 30 s, two successes, trials after 10 s to 5 min, no probe. */
    public static final HealthPolicy DEFAULT = new HealthPolicy(3, Duration.ofSeconds(30), 2, Duration.ofSeconds(10), Duration.ofMinutes(5),
        Optional.empty());

    /** A policy that has nothing to do with silence. */
    public HealthPolicy(int failures, Duration window, int successes, Duration ejection, Duration maxEjection, Optional<Probe> probe) {
        this(failures, window, successes, ejection, maxEjection, probe, Optional.empty());
    }

    /** The same policy with a probe. */
    public HealthPolicy with(Probe its) {
        return new HealthPolicy(failures, window, successes, ejection, maxEjection, Optional.of(its), silence);
    }

    /** The same policy with what holds of silence. */
    public HealthPolicy with(SilencePolicy its) {
        return new HealthPolicy(failures, window, successes, ejection, maxEjection, probe, Optional.of(its));
    }
}
