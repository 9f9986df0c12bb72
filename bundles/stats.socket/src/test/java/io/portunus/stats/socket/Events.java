// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What the bundle logs while it is open: level, event and message. */
final class Events implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> keys = new ConcurrentHashMap<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.portunus.stats.socket");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            KeyValuePair name = event.getKeyValuePairs().stream().filter(pair -> pair.key.equals("event")).findFirst().orElseThrow();
            keys.put(String.valueOf(name.value), event.getKeyValuePairs().stream().map(pair -> pair.key).toList());
            lines.add(event.getLevel() + " " + name.value + " " + event.getFormattedMessage());
        }
    };

    Events() {
        logger.setLevel(Level.DEBUG);
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
    }

    List<String> lines() {
        return lines;
    }

    /** Keys of the last entry of an event, in its order. */
    List<String> keys(String event) {
        return keys.getOrDefault(event, List.of());
    }

    boolean has(String beginning) {
        return lines.stream().anyMatch(line -> line.startsWith(beginning));
    }

    long count(String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).count();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(Level.WARN);
    }
}
