// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.HealthPolicy;

/**
 * When a failed target may be tried again. Immutable.
 *
 * @param dueNanos from when on
 * @param waitNanos how long was waited for it
 * @param underWay whether a flow tries it now; there is one at a time
 */
record Trial(long dueNanos, long waitNanos, boolean underWay) {
    static final Trial NONE = new Trial(0, 0, false);

    /** The first one after a failure. */
    static Trial first(HealthPolicy policy, long now) {
        long wait = policy.ejection().toNanos();
        return new Trial(now + wait, wait, false);
    }

    /** One that may begin at once. */
    static Trial atOnce(HealthPolicy policy, long now) {
        return new Trial(now, policy.ejection().toNanos(), false);
    }

    boolean due(long now) {
        return !underWay && now - dueNanos >= 0;
    }

    Trial begun() {
        return new Trial(dueNanos, waitNanos, true);
    }

    /** It went well, or nobody knows: the next flow may try. */
    Trial again(long now) {
        return new Trial(now, waitNanos, false);
    }

    /** It failed: twice the time until the next one. */
    Trial failed(HealthPolicy policy, long now) {
        long least = policy.ejection().toNanos();
        long wait = Math.min(Math.max(2 * waitNanos, least), Math.max(policy.maxEjection().toNanos(), least));
        return new Trial(now + wait, wait, false);
    }
}
