// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;

/**
 * A readiness check whose answer does not change. Immutable.
 *
 * @param name name of the part
 * @param problems what keeps it from being ready
 */
record FixedCheck(String name, List<Problem> problems) implements ReadinessCheck {
    /** Copies the list. */
    FixedCheck {
        problems = List.copyOf(problems);
    }
}
