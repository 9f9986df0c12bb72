// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ready when the engine lacks nothing and every listener is bound; degraded while rules take nothing because nobody recognises what they need,
 * and while connections are refused for their number; and where a node may serve in part, while listeners are not bound. Thread-safe.
 */
record ForwardingReadiness(Engine engine) implements ReadinessCheck {
    @Override
    public String name() {
        return FORWARDING;
    }

    @Override
    public List<Problem> problems() {
        return Stream.concat(engine.missing().halting().stream(), engine.partial() ? Stream.empty() : engine.unbound().stream()).toList();
    }

    @Override
    public List<Problem> degraded() {
        return Stream.of(engine.missing().passing(), engine.partial() ? engine.unbound() : List.<Problem>of(), engine.crowded())
            .flatMap(List::stream).toList();
    }
}
