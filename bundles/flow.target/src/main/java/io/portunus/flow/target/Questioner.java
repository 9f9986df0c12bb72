// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.NameAnswer;
import java.util.Optional;

/** Asks a target. Blocks until it is answered or its time is over; called on a virtual thread, many at once. */
@FunctionalInterface
interface Questioner {
    /** Asks once. */
    ProbeResult ask(ProbePlan plan) throws InterruptedException;

    /** Looks the hosts of a service up; empty if that took longer than an answer may. */
    default Optional<NameAnswer> hosts(ProbePlan plan) throws InterruptedException {
        return Optional.empty();
    }
}
