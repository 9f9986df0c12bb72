// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.portunus.node.api.LogLevels;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Levels of logback's loggers. Thread-safe. */
final class LogbackLevels implements LogLevels {
    /** Most loggers with a level of their own; logback never forgets a logger. */
    static final int MAX_LEVELS = 256;
    /** Longest name of a logger, in characters. */
    static final int MAX_NAME = 256;

    private final LoggerContext context;

    LogbackLevels(LoggerContext context) {
        this.context = context;
    }

    @Override
    public Map<String, String> levels() {
        Map<String, String> levels = new LinkedHashMap<>();
        // The list is sorted and has the root first.
        for (Logger logger : context.getLoggerList()) {
            Level level = logger.getLevel();
            if (level != null) {
                levels.put(logger.getName(), level.toString().toLowerCase(Locale.ROOT));
            }
        }
        return levels;
    }

    @Override
    public synchronized void level(String logger, String level) {
        Level wanted = parse(level);
        if (logger.isEmpty() || logger.length() > MAX_NAME || !logger.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a logger's name has 1 to " + MAX_NAME + " printable ASCII characters, this one has not");
        }
        Map<String, String> levels = levels();
        if (levels.size() >= MAX_LEVELS && !levels.containsKey(logger)) {
            throw new IllegalArgumentException(MAX_LEVELS + " loggers have a level of their own already; set that of a common parent");
        }
        context.getLogger(logger).setLevel(wanted);
    }

    /**
     * Reads a level.
     *
     * @throws IllegalArgumentException with a sentence if there is no such level
     */
    static Level parse(String level) {
        return switch (level.toLowerCase(Locale.ROOT)) {
            case "off" -> Level.OFF;
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            default -> throw new IllegalArgumentException("there is no log level '" + level + "'; use off, error, warn, info, debug or trace");
        };
    }
}
