// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Problem;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Lanes in memory, which behave as those of splice(2) do. Confined to one thread. */
public final class MemoryPath implements BulkPath {
    /** What a lane holds at most, an odd number so that no end of anything falls together with its own. */
    public static final int LANE_BYTES = 100_003;

    /** Lanes that were opened. */
    public int opened;
    /** Lanes that were closed. */
    public int closed;
    /** Bytes that lanes gave. */
    public long moved;
    /** Answers of the lanes' takes from now on: they work, or {@link BulkLane#UNSUPPORTED}. */
    public boolean unsupported;
    /** Whether no lane is to be had. */
    public boolean exhausted;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Optional<Problem> unavailable() {
        return Optional.empty();
    }

    @Override
    public Optional<BulkLane> open(Stream source, Stream sink) {
        if (exhausted) {
            return Optional.empty();
        }
        opened++;
        return Optional.of(new MemoryLane(source, sink));
    }

    private final class MemoryLane implements BulkLane {
        private final Stream source;
        private final Stream sink;
        private final ByteBuffer bytes = ByteBuffer.allocate(LANE_BYTES);
        private boolean over;

        MemoryLane(Stream source, Stream sink) {
            this.source = source;
            this.sink = sink;
        }

        @Override
        public int take(int atMost) {
            if (over) {
                throw new AssertionError("a lane was used after it was closed");
            }
            if (unsupported) {
                return UNSUPPORTED;
            }
            return source.read(bytes.limit(Math.min(LANE_BYTES, bytes.position() + atMost)));
        }

        @Override
        public int give() {
            if (over) {
                throw new AssertionError("a lane was used after it was closed");
            }
            int given = sink.write(bytes.flip());
            bytes.compact();
            moved += Math.max(given, 0);
            return given;
        }

        @Override
        public int held() {
            return bytes.position();
        }

        @Override
        public void close() {
            if (over) {
                throw new AssertionError("a lane was closed twice");
            }
            over = true;
            closed++;
        }
    }
}
