// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

/** Asks a target. Blocks until it is answered or its time is over; called on a virtual thread, many at once. */
@FunctionalInterface
interface Questioner {
    /** Asks once. */
    ProbeResult ask(ProbePlan plan) throws InterruptedException;
}
