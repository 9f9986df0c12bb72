// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import java.util.List;
import java.util.Map;

/** What reading a file came to. */
sealed interface Reading {
    /**
     * Nothing is wrong with it.
     *
     * @param config what it sets
     * @param places where it sets things that may turn out to be impossible, by their paths
     */
    record Good(Config config, Map<String, Position> places) implements Reading {
        /** Copies the map. */
        public Good {
            places = Map.copyOf(places);
        }
    }

    /**
     * It cannot be used.
     *
     * @param problems everything that is wrong, by place; at least one
     */
    record Bad(List<Problem> problems) implements Reading {
        /** Copies the list. */
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
