// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import java.util.List;

/** What reading a file came to. */
sealed interface ConfigOutcome {
    /**
     * Nothing is wrong with it.
     *
     * @param config what it says
     */
    record Valid(ParsedConfig config) implements ConfigOutcome {
    }

    /**
     * It cannot be used.
     *
     * @param problems everything that is wrong, by place; at least one
     */
    record Invalid(List<Problem> problems) implements ConfigOutcome {
        /** Copies the list. */
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
