// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.Stream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lanes of the bulk path that is there now, none when there is none. Thread-safe. */
final class BulkLanes implements Pump.Lanes {
    /** Volatile: replaced under running flows, which read it when they turn out to be bulk. */
    private volatile @Nullable BulkPath path;
    private volatile boolean stopped;

    void bind(BulkPath newer) {
        path = newer;
    }

    /** Lets it go, unless another one has taken its place. Flows of a handler that was stopped end on what they have. */
    void unbind(BulkPath older) {
        if (!stopped && path == older) {
            path = null;
        }
    }

    /** Keeps the path there is. */
    void stop() {
        stopped = true;
    }

    @Override
    public Optional<BulkLane> open(Stream source, Stream sink) {
        BulkPath open = path;
        return open == null ? Optional.empty() : open.open(source, sink);
    }
}
