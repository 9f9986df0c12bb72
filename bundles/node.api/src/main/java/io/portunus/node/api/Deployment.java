// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import java.util.List;

/**
 * What a change of a bundle came to.
 *
 * @param done whether the change is in force
 * @param bundle symbolic name, as far as the jar could be read
 * @param from version that served before; empty when there was none
 * @param to version that serves now; empty when none does
 * @param steps what was done, a sentence each, in order
 * @param problems why it was not done, or was taken back; the node is then as it was before
 */
public record Deployment(boolean done, String bundle, String from, String to, List<String> steps, List<Problem> problems) {
    /** Copies the lists. */
    public Deployment {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
    }
}
