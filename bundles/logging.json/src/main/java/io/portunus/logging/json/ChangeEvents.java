// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** Changes as events of the logger {@value #LOGGER}, the last of them kept. Thread-safe; its lock is held for a few moves only. */
final class ChangeEvents implements ChangeLog {
    /** The logger that changes are written by. */
    static final String LOGGER = "changes";
    private static final String EVENT = "change";

    private final Logger logger;
    /** The newest first; at most {@link #MAX_KEPT} of at most {@link LogLine#MAX_VALUE} characters a text. */
    private final Deque<Change> kept = new ArrayDeque<>(MAX_KEPT);

    ChangeEvents(LoggerContext context) {
        logger = context.getLogger(LOGGER);
    }

    @Override
    public void add(Change change) {
        Change bounded = bounded(change);
        synchronized (kept) {
            if (kept.size() == MAX_KEPT) {
                kept.removeLast();
            }
            kept.addFirst(bounded);
        }
        // Past the levels, which are about how much an operator asks for: what was changed is never too much. Off is off, though.
        if (!Level.OFF.equals(logger.getLevel())) {
            logger.callAppenders(event(bounded));
        }
    }

    @Override
    public List<Change> recent() {
        synchronized (kept) {
            return List.copyOf(kept);
        }
    }

    /** Keeps what was written down before those that are here, by another version; the newest first. */
    void keep(List<Change> before) {
        synchronized (kept) {
            before.stream().limit(MAX_KEPT - kept.size()).map(ChangeEvents::bounded).forEach(kept::addLast);
        }
    }

    private LoggingEvent event(Change change) {
        LoggingEvent event = new LoggingEvent(ChangeEvents.class.getName(), logger, Level.INFO, EVENT, null, null);
        event.setInstant(change.at());
        event.setKeyValuePairs(List.of(new KeyValuePair("event", EVENT), new KeyValuePair("by", change.by().toString()),
            new KeyValuePair("what", change.what()), new KeyValuePair("subject", change.subject()), new KeyValuePair("before", change.before()),
            new KeyValuePair("after", change.after()), new KeyValuePair("outcome", change.outcome())));
        return event;
    }

    private static Change bounded(Change change) {
        Actor by = new Actor(cut(change.by().face()), cut(change.by().name()));
        return new Change(change.at(), by, cut(change.what()), cut(change.subject()), cut(change.before()), cut(change.after()),
            cut(change.outcome()));
    }

    private static String cut(String text) {
        return LogLine.cut(text, LogLine.MAX_VALUE);
    }
}
