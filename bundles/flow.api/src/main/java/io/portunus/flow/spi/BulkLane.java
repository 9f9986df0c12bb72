// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * One direction moved in bulk. Bytes are taken out of the source into the lane, and given from the lane to the sink, in their order. Confined
 * to the loop of its streams; no call blocks. Whoever holds it calls {@link #close} exactly once.
 */
@ConsumerType
public interface BulkLane {
    /** Answer of {@link #take}: the source has sent FIN and everything was taken. */
    int END = Stream.END;
    /**
     * Answer of {@link #take} and {@link #give}: the source, or the sink, was reset. The system reports that once, and moves bytes past the
     * streams: an end of the same socket that its stream, or another lane, reports after this answer is none.
     */
    int RESET = Stream.RESET;
    /**
     * Answer of {@link #take}: nothing was taken, because the system does not do this for these streams, or has no room for it now; the caller
     * copies, and may ask for another lane later.
     */
    int UNSUPPORTED = -3;

    /** Takes at most this many bytes: bytes taken, 0 for none now, {@link #END}, {@link #RESET} or {@link #UNSUPPORTED}. */
    int take(int atMost);

    /** Gives what it holds: bytes given, 0 for none now, or {@link #RESET}. */
    int give();

    /** Bytes taken and not given yet. */
    int held();

    /** Lets the lane go; what it holds is lost. */
    void close();
}
