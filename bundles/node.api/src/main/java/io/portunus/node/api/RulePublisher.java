// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import io.portunus.model.RuleSet;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes rule sets from sources, merges them, checks them, and puts them in force. Thread-safe; sets are put in force one after the other.
 *
 * <p>A source is a name, {@code "file"}: letters, digits, dots and dashes, a letter first, at most {@value #MAX_NAME}. A set replaces the one
 * before of the same source and leaves those of others alone. Where rules of two sources are in each other's way, by a port, a name, an id or
 * anything that a single set may not have, the rule that is in force keeps what it has, and the other waits: it is reported to its source, with code
 * and path, and comes into force by itself when the way is free.
 *
 * <p>The last set of each source that was put in force is kept in the state folder, on a thread of its own within about a second; the catalog
 * names the revision that is there.
 */
@ProviderType
public interface RulePublisher {
    /** Longest name of a source. */
    int MAX_NAME = 64;
    /** Most sources that may have rules at once. */
    int MAX_SOURCES = 16;

    /**
     * Checks the set and, if nothing is wrong with it, puts it in force but for rules that others are in the way of. A set with problems of its own
     * changes nothing. Blocks until the listeners are bound or have failed.
     *
     * @param source who gives it
     * @throws IllegalArgumentException if that is no name of a source
     */
    Publication publish(String source, RuleSet rules);

    /**
     * Puts the set in force that the source gave last, in an earlier run perhaps, since it cannot be asked now. To be called at start by a source
     * that has to wait for its own; until it publishes, the node is degraded and reports why.
     *
     * @param why what keeps the source from giving its rules
     * @return what became of them; empty if there are none that can be used, which is logged, or if the source has published since the start
     * @throws IllegalArgumentException if that is no name of a source
     */
    Optional<Publication> publishLast(String source, Problem why);
}
