// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A selection that always finds the same. */
record OneTarget(Target target, InetSocketAddress endpoint) implements TargetSelection {
    @Override
    public Cancellable next(Answer answer) {
        answer.found(target, List.of(endpoint));
        return () -> { };
    }

    @Override
    public void connected(InetSocketAddress reached, Duration took) {
        // As it has to be.
    }

    @Override
    public void failed(Failure why) {
        throw new AssertionError("the target failed: " + why);
    }

    @Override
    public void release() {
        // It holds nothing.
    }
}
