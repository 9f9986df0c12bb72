// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A part of the data path that ends flows, maybe for reasons of its own. Thread-safe. */
@ConsumerType
public interface ReasonOwner {
    /** Most reasons of its own that are taken of one part; those beyond are treated as if they were not listed. */
    int MOST_REASONS = 16;

    /**
     * The reasons of its own that it may end a flow for, always the same; those of {@link CloseReason} are known anyway. Each is counted from 0
     * as soon as the part runs, so that the first flow it ends shows in rates; and of a new version of the bundle the shares of these are
     * compared with those of the version before, as those of refusals are. A reason that is not listed is counted from its first flow on.
     */
    default List<CloseReason> reasons() {
        return List.of();
    }
}
