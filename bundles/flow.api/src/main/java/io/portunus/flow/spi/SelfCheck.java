// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks whether a bundle works, before it serves anybody. A bundle that offers this service can be replaced while the node forwards; one
 * that does not is replaced at a restart. Called on a thread of its own and given ten seconds; it touches no flow and no socket of others.
 */
@ConsumerType
public interface SelfCheck {
    /** The code of what {@link #run} finds; a check may give its problems codes of their own. */
    ProblemCode FAILED = new ProblemCode("self_check_failed", "The bundle says that it does not work, or did not answer in time.");

    /** What does not work; empty when everything does. */
    List<Problem> run();
}
