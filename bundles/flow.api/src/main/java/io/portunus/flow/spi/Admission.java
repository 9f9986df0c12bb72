// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import java.util.Objects;

/** The decision of a policy on a flow that is about to begin. */
public sealed interface Admission {
    /** It may, and nothing of it is limited: the policy need not hear of it again. */
    Admission UNLIMITED = new Granted(Lease.UNLIMITED);

    /**
     * It may.
     *
     * @param lease what it gets, and gives back at its end; {@link Lease#UNLIMITED} when nothing of it is limited
     */
    record Granted(Lease lease) implements Admission {
        /** Checks that there is one: policies come from everywhere. */
        public Granted {
            Objects.requireNonNull(lease, "a lease");
        }
    }

    /**
     * It may not.
     *
     * @param reason why it ends: one of {@link CloseReason}, or one of the policy's own
     */
    record Refused(CloseReason reason) implements Admission {
        /** Checks that there is one. */
        public Refused {
            Objects.requireNonNull(reason, "a reason");
        }
    }
}
