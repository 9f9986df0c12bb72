// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import io.portunus.model.RuleSet;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Takes rule sets from a source, checks them, and puts them in force. Thread-safe; sets are applied one after the other. */
@ProviderType
public interface RulePublisher {
    /**
     * Checks the set and, if nothing is wrong with it, puts it in force. A set with problems changes nothing. Blocks until the listeners
     * are bound or have failed.
     *
     * @return what is wrong with the set; or, of a set that is in force, which of its listeners could not be bound, and which of its rules
     *     take nothing because nobody recognises what they want ({@link io.portunus.model.ProblemCode#NO_HANDLER})
     */
    List<Problem> publish(RuleSet rules);
}
