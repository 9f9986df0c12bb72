// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Limits flows: whether one may begin, and how fast its bytes may move. Each kind that is there is asked about every flow, whether a rule
 * names it or not, and all have to admit it; of several versions of a kind one is asked, and flows keep what it gave them to their end. A
 * flow of a rule that names a kind which is not there is refused. What a policy refuses ends with the reason that it gives; one that throws
 * refuses. Thread-safe: flows of all loops ask at once. What they count together goes into {@link SharedCells}, where the next version finds it.
 */
@ConsumerType
public interface Policy extends ReasonOwner {
    /** What it limits by, {@code "bandwidth"}, as rules name it; of several of a kind one serves. */
    String kind();

    /**
     * Asks whether a connection may stay, on its loop, before a byte of it is read: the place for limits by source. A refused one is reset.
     * Never blocks.
     */
    default Admission accept(AcceptRequest request) {
        return Admission.UNLIMITED;
    }

    /**
     * Asks whether a flow that is open is to be limited like one that begins: it was open when the policy came, or when its rule began to name the
     * policy or, while it has no lease of it, set something else for it. If so, {@link #accept} and {@link #admit} are asked about it, the first
     * only if it was not before, and it ends with the reason if one refuses. Budgets hold at once, for what is connected, too. Asked of a policy
     * that has proved itself, once its bundle is not watched any more, on the flow's loop and for some flows at a time, so never for two at once of
     * one loop. What throws here, or in what follows from it, leaves the flow as it was.
     *
     * @return whether it is; by default every flow is, so that counts are right and a limit holds from the beginning
     */
    default boolean adopts(AcceptRequest request) {
        return true;
    }

    /** Asks whether a flow may go on, on its loop; once, after its route is chosen and before a target is searched. Never blocks. */
    default Admission admit(AdmissionRequest request) {
        return Admission.UNLIMITED;
    }
}
