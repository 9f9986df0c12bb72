// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What anybody logs at error, libraries too, while it is open. Thread-safe. */
public final class ErrorLog implements AutoCloseable {
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                errors.add(event.getLoggerName() + ": " + event.getFormattedMessage());
            }
        }
    };

    /** Listens from here on. */
    public ErrorLog() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
    }

    /** What was logged so far; who expects an error takes it out. */
    public List<String> errors() {
        return errors;
    }

    /** Fails if there was one. */
    @Override
    public void close() {
        root.detachAppender(appender);
        if (!errors.isEmpty()) {
            throw new AssertionError("errors were logged: " + errors);
        }
    }
}
