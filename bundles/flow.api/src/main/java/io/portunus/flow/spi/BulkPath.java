// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way to move bulk from one stream to another without copying it through the process, as splice(2) is. Pumps begin with a copy and ask
 * for a lane once a direction proves to be bulk; without a path, or a lane, they go on copying. Thread-safe.
 */
@ConsumerType
public interface BulkPath {
    /** The code of why a path opens no lanes. */
    ProblemCode UNAVAILABLE = new ProblemCode("bulk_unavailable",
        "Bulk is copied, because the system or the JVM does not let it be moved otherwise.");

    /** Name for surfaces, {@code "splice"}. */
    String name();

    /** Why it opens no lanes, with what to do about it; empty when it works. */
    Optional<Problem> unavailable();

    /**
     * Opens a lane; called on the loop of both streams. Never blocks.
     *
     * @return empty when a stream has no descriptor, or no lane is to be had now
     */
    Optional<BulkLane> open(Stream source, Stream sink);
}
