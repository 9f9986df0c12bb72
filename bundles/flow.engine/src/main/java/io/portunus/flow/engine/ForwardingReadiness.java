// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ready when the engine lacks nothing, every loop turns and every listener is bound; degraded while rules take nothing because nobody recognises
 * what they need, while services are there that their bundles do not declare, and while connections are refused for their number; and where a
 * node may serve in part, while listeners are not bound. Thread-safe.
 */
record ForwardingReadiness(Engine engine, Owners owners) implements ReadinessCheck {
    @Override
    public String name() {
        return FORWARDING;
    }

    @Override
    public List<Problem> problems() {
        return Stream.of(engine.missing().halting(), engine.watch().problems(), engine.partial() ? List.<Problem>of() : engine.unbound())
            .flatMap(List::stream).toList();
    }

    @Override
    public List<Problem> degraded() {
        return Stream.of(engine.missing().passing(), engine.partial() ? engine.unbound() : List.<Problem>of(), engine.crowded(),
            owners.problems())
            .flatMap(List::stream).toList();
    }
}
