// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * How many bytes one direction of a flow may move: a bandwidth cap, as its pump sees it. Confined to the flow's loop; no call blocks, and
 * none allocates while there is something to grant. It should neither let a flow wait for more than 100 ms nor hand out less than can be
 * moved in some milliseconds: bytes are counted as they move, and surfaces look at them so often.
 */
@ConsumerType
public interface Budget {
    /** No cap. */
    Budget UNLIMITED = new Budget() {
        @Override
        public int grant(int wanted, Runnable again) {
            return wanted;
        }

        @Override
        public void giveBack(int unused) {
            // There is nothing to give back to.
        }
    };

    /**
     * Asks for bytes.
     *
     * @param wanted how many, more than 0
     * @param again run on the loop, once, when there may be some, if none are granted now; never before this call has returned. Until then
     *     nothing more is asked. The same one is given with each call.
     * @return how many may be moved now, 0 to {@code wanted}
     */
    int grant(int wanted, Runnable again);

    /**
     * Accounts for bytes that were moved without having been asked for, as there was no route yet when they were read. What is granted later pays
     * for them.
     *
     * @param moved how many, more than 0
     */
    default void spend(int moved) {
        // By default they are free.
    }

    /** Takes back what was granted and not moved, right after it was granted. */
    void giveBack(int unused);
}
