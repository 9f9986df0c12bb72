// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Access records on their way into a file. Thread-safe. */
final class AccessLog implements FlowRecordSink, AutoCloseable {
    /** Records that wait for the writer; each holds a name of at most 253 characters and a few addresses. */
    static final BoundedDrain.Bounds BOUNDS = new BoundedDrain.Bounds(16_384, Long.MAX_VALUE);
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    private final BoundedDrain<FlowRecord> drain;

    /** Starts the writer. */
    AccessLog(Path path, long maxBytes) {
        drain = BoundedDrain.start("access-writer", BOUNDS, r -> 1, new Writer(path, maxBytes));
    }

    @Override
    public boolean offer(FlowRecord flow) {
        return drain.offer(flow);
    }

    @Override
    public void close() {
        drain.close();
    }

    /** Confined to the drain's thread. */
    private static final class Writer implements BoundedDrain.Sink<FlowRecord> {
        private final Path path;
        private final AccessFile file;
        /** Records lost since the disk began to fail; 0 while it does not. */
        private long failing;

        Writer(Path path, long maxBytes) {
            this.path = path;
            this.file = new AccessFile(path, maxBytes);
        }

        /** Records without room are counted by the engine, which was told so. */
        @Override
        public void write(List<FlowRecord> batch, long lost) {
            if (batch.isEmpty()) {
                return;
            }
            StringBuilder lines = new StringBuilder();
            batch.forEach(r -> lines.append(AccessRecord.render(r)));
            try {
                file.append(lines.toString().getBytes(US_ASCII));
            } catch (IOException refused) {
                if (failing == 0) {
                    LOG.atWarn().addKeyValue("event", "access_log.failed").addKeyValue("path", path).addKeyValue("reason", refused)
                        .log("access records are dropped until their file can be written; free space or mend the permissions");
                }
                failing += batch.size();
                return;
            }
            if (failing > 0) {
                LOG.atWarn().addKeyValue("event", "access_log.recovered").addKeyValue("path", path).addKeyValue("dropped", failing)
                    .log("access records are written again");
                failing = 0;
            }
        }

        @Override
        public void finish(long lost) {
            file.close();
        }
    }
}
