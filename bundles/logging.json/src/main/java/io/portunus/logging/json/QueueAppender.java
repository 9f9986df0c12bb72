// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

/**
 * Logback's end of the queue. Thread-safe: renders on the thread that logs, takes no lock, never waits. While one version hands the log on to
 * another, both may be given the same event; the first marks it as taken.
 */
final class QueueAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** The number of an event that was taken; nobody numbers events otherwise. Versions of this bundle have it in common. */
    private static final long TAKEN = 1;

    private final LineFormat format;
    private final BoundedDrain<String> drain;

    QueueAppender(LineFormat format, BoundedDrain<String> drain) {
        this.format = format;
        this.drain = drain;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event instanceof LoggingEvent ours) {
            if (ours.getSequenceNumber() == TAKEN) {
                return;
            }
            ours.setSequenceNumber(TAKEN);
        }
        drain.offer(format.render(LogLine.of(event)));
    }
}
