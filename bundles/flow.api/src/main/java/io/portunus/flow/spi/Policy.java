// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Limits flows: whether one may begin, and how fast its bytes may move. Each kind that is there is asked about every flow, and all have to
 * admit it; of several versions of a kind one is asked, and flows keep what it gave them to their end. Thread-safe: flows of all loops ask
 * at once, and what they share is the policy's.
 */
@ConsumerType
public interface Policy {
    /** What it limits by, {@code "bandwidth"}; of several of a kind one serves. */
    String kind();

    /** Asks whether a flow may go on, on its loop; once, after its route is chosen and before a target is searched. Never blocks. */
    Admission admit(AdmissionRequest request);
}
