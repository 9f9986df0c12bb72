// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.time.Duration;

/**
 * Reads what somebody in front put before a client's own bytes, and takes it away. What came with it is kept for the next stage. Confined
 * to the flow's loop.
 */
final class FilterReader implements StreamEvents, Cancellable {
    private final Stream downstream;
    private final LiveFlow flow;
    private final Filtering filtering;
    private final Callback callback;
    private final KeptBytes bytes;
    private Cancellable deadline = TcpFlow.NOTHING_UNDER_WAY;
    private boolean over;

    /** Called once, with the result. The reader has no interest in events any more. */
    interface Callback {
        /** It is complete; what is kept are the client's own bytes, so far. */
        void declared(DeclaredOrigin origin);

        /** It is not what it has to be, or it did not come. */
        void failed(CloseReason reason);
    }

    FilterReader(Stream downstream, LiveFlow flow, KeptBytes bytes, Filtering filtering, Callback callback) {
        this.downstream = downstream;
        this.flow = flow;
        this.bytes = bytes;
        this.filtering = filtering;
        this.callback = callback;
    }

    void start(Duration limit) {
        deadline = flow.after(limit, () -> fail(filtering.late()));
        downstream.events(this);
        downstream.interest(true, false);
    }

    @Override
    public void readable(Stream stream) {
        if (over) {
            return;
        }
        int read = bytes.read(downstream, Filtering.MAX_BYTES);
        if (read < 0) {
            fail(CloseReason.CLOSED_DURING_PEEK);
        } else if (read > 0) {
            judge(filtering.filter(bytes.view()));
        }
    }

    private void judge(FilterVerdict verdict) {
        switch (verdict) {
            case FilterVerdict.Header header -> {
                cancel();
                bytes.drop(header.length());
                callback.declared(header.origin());
            }
            case FilterVerdict.No no -> fail(no.reason());
            case FilterVerdict.More more -> {
                if (bytes.size() == Filtering.MAX_BYTES) {
                    fail(filtering.tooLong());
                } else if (!bytes.fit()) {
                    fail(CloseReason.BUFFERS_FULL);
                }
            }
        }
    }

    private void fail(CloseReason reason) {
        if (!over) {
            cancel();
            callback.failed(reason);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            deadline.cancel();
            downstream.interest(false, false);
        }
    }

    @Override
    public void writable(Stream stream) {
        // Nothing is written while the header is read.
    }
}
