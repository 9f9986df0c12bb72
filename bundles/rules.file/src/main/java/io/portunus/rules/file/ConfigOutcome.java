// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import java.util.List;
import java.util.Map;

/** What reading a file came to. */
sealed interface ConfigOutcome {
    /**
     * Nothing is wrong with it.
     *
     * @param config what it says
     * @param places where it says things that may turn out to be impossible, by their paths
     */
    record Valid(ParsedConfig config, Map<String, Position> places) implements ConfigOutcome {
        /** Copies the map. */
        public Valid {
            places = Map.copyOf(places);
        }
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
