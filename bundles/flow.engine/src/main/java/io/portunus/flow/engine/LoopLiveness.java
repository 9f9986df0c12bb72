// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import io.portunus.node.api.LivenessCheck;
import java.util.List;

/**
 * The process is of use while no loop is lost. Thread-safe.
 *
 * @param watch looks after them
 */
record LoopLiveness(LoopWatch watch) implements LivenessCheck {
    @Override
    public List<Problem> lost() {
        return watch.lost();
    }
}
