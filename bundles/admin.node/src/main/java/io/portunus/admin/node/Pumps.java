// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.flow.spi.BulkPath;
import java.util.List;
import java.util.Optional;

/** Which pump moves the bulk of the node's flows, for people. */
final class Pumps {
    private static final String COPY = "copy";

    private Pumps() {
    }

    static String name(Parts parts) {
        return parts.bulkPath().filter(path -> path.unavailable().isEmpty()).map(BulkPath::name).orElse(COPY);
    }

    /** Why bulk is copied, if the node could do better. */
    static Optional<ProblemBody> problem(Parts parts) {
        return parts.bulkPath().flatMap(BulkPath::unavailable).map(problem -> ProblemBody.of(List.of(problem)).getFirst());
    }
}
