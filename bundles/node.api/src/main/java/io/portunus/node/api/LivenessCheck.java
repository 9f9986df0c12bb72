// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part of the node that can be lost for good, so that only another start of the process brings it back. A supervisor asks for this and ends the
 * process while there is something: what may mend itself, or an operator can mend, is a {@link ReadinessCheck}'s. A node has one, which is the
 * engine's. Thread-safe; answers at once, from memory, since it is asked on the I/O thread of the admin surface.
 */
@ConsumerType
public interface LivenessCheck {
    /** What is lost; empty while nothing is. */
    List<Problem> lost();
}
