// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

/** Logback's end of the queue. Thread-safe: renders on the thread that logs, takes no lock, never waits. */
final class QueueAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final LineFormat format;
    private final BoundedDrain<String> drain;

    QueueAppender(LineFormat format, BoundedDrain<String> drain) {
        this.format = format;
        this.drain = drain;
    }

    @Override
    protected void append(ILoggingEvent event) {
        drain.offer(format.render(LogLine.of(event)));
    }
}
