// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** How many bytes one direction of a flow may move: a bandwidth cap, as its pump sees it. Confined to the flow's loop; no call blocks. */
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
     * @param again run on the loop, once, when there may be some, if none are granted now
     * @return how many may be moved now, 0 to {@code wanted}
     */
    int grant(int wanted, Runnable again);

    /** Takes back what was granted and not moved. */
    void giveBack(int unused);
}
