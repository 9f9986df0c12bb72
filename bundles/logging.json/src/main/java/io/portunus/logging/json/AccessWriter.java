// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the rings have and writes it, a ring's lines at once. Confined to the thread {@code access-writer}, which {@link AccessTurns}
 * gives its turns.
 */
final class AccessWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AccessWriter.class);

    private final Collection<RecordRing> rings;
    private final LongAdder dropped;
    private final ByteBuffer batch;
    private Optional<AccessOutput> output = Optional.empty();
    /** Records lost since the output began to fail; 0 while it does not. */
    private long failing;

    /**
     * A writer without an output.
     *
     * @param rings those there are, which may change meanwhile; the writer removes those whose thread has ended
     * @param ringBytes capacity of the largest
     * @param dropped takes the number of records that were lost
     */
    AccessWriter(Collection<RecordRing> rings, int ringBytes, LongAdder dropped) {
        this.rings = rings;
        this.dropped = dropped;
        this.batch = ByteBuffer.allocateDirect(ringBytes);
    }

    /** Writes what there is; whether there was anything. */
    boolean write() {
        boolean any = false;
        for (RecordRing ring : rings) {
            if (!ring.isEmpty()) {
                any = true;
                batch.clear();
                ring.take(batch);
                batch.flip();
                write(batch);
            }
        }
        rings.removeIf(RecordRing::isAbandoned);
        return any;
    }

    private void write(ByteBuffer lines) {
        if (output.isEmpty()) {
            dropped.add(count(lines));
            return;
        }
        AccessOutput to = output.get();
        try {
            to.write(lines);
        } catch (IOException refused) {
            lost(to, lines, refused);
            return;
        }
        if (failing > 0) {
            LOG.atInfo().addKeyValue("event", "access_log.recovered").addKeyValue("path", to.name()).addKeyValue("dropped", failing)
                .log("access records are written again");
            failing = 0;
        }
    }

    private void lost(AccessOutput to, ByteBuffer lines, IOException refused) {
        if (failing == 0) {
            LOG.atWarn().addKeyValue("event", "access_log.failed").addKeyValue("path", to.name()).addKeyValue("reason", refused)
                .log("access records are dropped until they can be written; free space, mend the permissions, or start who takes them");
        }
        long lost = count(lines);
        failing += lost;
        dropped.add(lost);
    }

    /** Lines between position and limit; a record has one newline, its last byte. */
    private static long count(ByteBuffer lines) {
        long count = 0;
        for (int at = lines.position(); at < lines.limit(); at++) {
            count += lines.get(at) == '\n' ? 1 : 0;
        }
        return count;
    }

    /** Opens the output again by its name. */
    void reopen() {
        output.ifPresent(AccessOutput::reopen);
    }

    /** Goes on with another output, or with none; what there is goes to the one it was made for. */
    void output(Optional<AccessOutput> other) {
        if (output.isPresent()) {
            write();
            output.get().close();
        }
        output = other;
        failing = 0;
    }
}
