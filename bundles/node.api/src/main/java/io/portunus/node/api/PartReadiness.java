// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import java.util.List;

/**
 * What a part of the node answered that was asked whether it is ready.
 *
 * @param name name of the part
 * @param problems what keeps it from being ready; empty when nothing does
 * @param degraded what should be mended and keeps it from nothing
 * @param failed whether it gave no answer: its check threw, or did not return in time
 */
public record PartReadiness(String name, List<Problem> problems, List<Problem> degraded, boolean failed) {
    /** Copies the lists. */
    public PartReadiness {
        problems = List.copyOf(problems);
        degraded = List.copyOf(degraded);
    }

    /** Whether nothing keeps it from being ready. */
    public boolean ready() {
        return problems.isEmpty();
    }
}
