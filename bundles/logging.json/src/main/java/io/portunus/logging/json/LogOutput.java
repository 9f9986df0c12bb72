// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.ILoggerFactory;
import org.slf4j.helpers.SubstituteLoggerFactory;

/** Logback with our appender in it, from its creation until {@link #close}. Thread-safe. */
final class LogOutput implements AutoCloseable {
    /** Lines that wait for the writer, and their length in characters. */
    static final BoundedDrain.Bounds BOUNDS = new BoundedDrain.Bounds(8192, 16 * 1024 * 1024);
    private static final Duration BINDING_DEADLINE = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_NANOS = 5_000_000;
    private static final String PLAIN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger %replace(%msg %kvp){'\\p{Cntrl}', '?'}%n";

    private final LoggerContext context;
    private final BoundedDrain<String> drain;
    private final LogbackLevels levels;

    private LogOutput(LoggerContext context, BoundedDrain<String> drain) {
        this.context = context;
        this.drain = drain;
        this.levels = new LogbackLevels(context);
    }

    /**
     * The context that slf4j is bound to. While another thread makes slf4j's first logger, slf4j gives a substitute; this waits for that
     * thread, {@link #BINDING_DEADLINE} at most.
     */
    static LoggerContext context(Supplier<ILoggerFactory> current) {
        long deadline = System.nanoTime() + BINDING_DEADLINE.toNanos();
        ILoggerFactory factory = current.get();
        while (factory instanceof SubstituteLoggerFactory && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            factory = current.get();
        }
        if (factory instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException("slf4j is bound to " + factory.getClass().getName()
            + " and not to logback, so the log keeps the form it has");
    }

    /** Takes the context over: its boot configuration goes, our appender comes. */
    static LogOutput install(LoggerContext context, Level root, LineFormat format, OutputStream out) {
        BoundedDrain<String> drain =
            BoundedDrain.start("log-writer", BOUNDS, String::length, new LineSink(out, format, InstantSource.system()));
        replace(context, root, new QueueAppender(format, drain));
        return new LogOutput(context, drain);
    }

    LogbackLevels levels() {
        return levels;
    }

    /** Puts a plain console in its place, then writes what is left. */
    @Override
    public void close() {
        Level root = context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PLAIN);
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        console.setEncoder(encoder);
        replace(context, root, console);
        drain.close();
    }

    private static void replace(LoggerContext context, Level root, Appender<ILoggingEvent> appender) {
        context.reset();
        Logger logger = context.getLogger(Logger.ROOT_LOGGER_NAME);
        logger.setLevel(root);
        appender.setContext(context);
        appender.setName("portunus");
        if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
            console.getEncoder().start();
        }
        appender.start();
        logger.addAppender(appender);
    }
}
