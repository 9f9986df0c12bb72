// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Puts in force what the tables of a kind set. Offered as a service whenever that is possible; it gets what the file in force sets as soon as it is
 * there, and again after each change. Calls never overlap, and are made on threads that may wait. What it throws counts as a refusal.
 */
@ConsumerType
public interface TableTaker {
    /** Name of the kind. */
    String kind();

    /**
     * Puts tables in force, all or nothing. Blocks until it is known what became of them. If something else of the same file cannot be done
     * afterwards, the tables of the file before are given again.
     */
    Taken take(Tables tables);

    /** The same tables again, since somebody asked: what does not work of them is tried once more, and where all works nothing is done. */
    Taken retry(Tables tables);
}
