// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.model.ForwardingTable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Remembers what it was asked. Confined to the test's thread. */
final class FakeSelector implements TargetSelector {
    final List<TargetRequest> begun = new ArrayList<>();
    ForwardingTable table = ForwardingTable.EMPTY;
    int released;
    boolean broken;

    @Override
    public void applied(ForwardingTable newer) {
        table = newer;
    }

    @Override
    public TargetSelection begin(TargetRequest request, Consumer<CloseReason> end) {
        begun.add(request);
        return new TargetSelection() {
            @Override
            public Cancellable next(Answer answer) {
                if (broken) {
                    throw new IllegalStateException("as the test wants");
                }
                answer.none(CloseReason.NO_TARGET);
                return () -> { };
            }

            @Override
            public void connected(InetSocketAddress endpoint, Duration took) {
                throw new AssertionError("nothing was found");
            }

            @Override
            public void failed(Failure why) {
                throw new AssertionError("nothing was found");
            }

            @Override
            public void release() {
                released++;
            }
        };
    }

    @Override
    public List<TargetView> targets() {
        return List.of();
    }

    @Override
    public boolean drain(String rule, String target, boolean drained) {
        return false;
    }
}
