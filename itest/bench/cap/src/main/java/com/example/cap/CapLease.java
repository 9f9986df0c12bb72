// SPDX-License-Identifier: Apache-2.0
package com.example.cap;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Lease;

/** A flow's share of both buckets: whatever they have when it asks. Confined to the flow's loop. */
final class CapLease implements Lease {
    private final BucketBudget in;
    private final BucketBudget out;

    CapLease(Bucket in, Bucket out, EventLoop loop) {
        this.in = new BucketBudget(in, loop);
        this.out = new BucketBudget(out, loop);
    }

    @Override
    public Budget in() {
        return in;
    }

    @Override
    public Budget out() {
        return out;
    }

    @Override
    public void release() {
        in.cancel();
        out.cancel();
    }
}
