// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Lease;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;

/** What one flow of a limited rule holds: a place, and its budgets both ways. Confined to the flow's loop. */
final class RuleLease implements Lease {
    private final RuleLimits limits;
    private final Budget in;
    private final Budget out;
    private final Runnable endBudgets;
    private final boolean opened;

    /**
     * Of a flow that was counted.
     *
     * @param opened whether it has a token of new connections
     */
    RuleLease(RuleLimits limits, AdmissionRequest request, boolean opened) {
        this.limits = limits;
        this.opened = opened;
        if (request.protocol() == Protocol.UDP) {
            PolicedBytes policedIn = new PolicedBytes(limits.in(), request.loop());
            PolicedBytes policedOut = new PolicedBytes(limits.out(), request.loop());
            in = policedIn;
            out = policedOut;
            endBudgets = () -> {
                policedIn.release();
                policedOut.release();
            };
        } else {
            PacedBytes pacedIn = new PacedBytes(limits.in(), request.loop());
            PacedBytes pacedOut = new PacedBytes(limits.out(), request.loop());
            in = pacedIn;
            out = pacedOut;
            endBudgets = () -> {
                pacedIn.release();
                pacedOut.release();
            };
        }
    }

    @Override
    public Budget in() {
        return in;
    }

    @Override
    public Budget out() {
        return out;
    }

    /** The first of the rule's flows that learns it writes it into the cells, and so it holds for all. */
    @Override
    public void amended(Rule rule) {
        limits.set(Limits.of(rule));
    }

    @Override
    public void refused() {
        if (opened) {
            limits.unopen();
        }
        release();
    }

    @Override
    public void release() {
        endBudgets.run();
        limits.leave();
        limits.release();
    }
}
