// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;
import java.util.stream.Stream;

/** Ready when the engine lacks nothing and every listener is bound; degraded while connections are refused for their number. Thread-safe. */
record ForwardingReadiness(ForwardingEngine engine) implements ReadinessCheck {
    @Override
    public String name() {
        return FORWARDING;
    }

    @Override
    public List<Problem> problems() {
        return Stream.concat(engine.lacks().stream(), engine.unbound().stream()).toList();
    }

    @Override
    public List<Problem> degraded() {
        return engine.crowded();
    }
}
