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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.ILoggerFactory;
import org.slf4j.helpers.SubstituteLoggerFactory;

/**
 * Logback with our appender in it, from its creation until {@link #close}, or until another version has put its own in place of it. Thread-safe.
 */
final class LogOutput implements AutoCloseable {
    /** Lines that wait for the writer, and their length in characters. */
    static final BoundedDrain.Bounds BOUNDS = new BoundedDrain.Bounds(8192, 16 * 1024 * 1024);
    private static final Duration BINDING_DEADLINE = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_NANOS = 5_000_000;
    private static final String PLAIN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger %replace(%msg %kvp){'\\p{Cntrl}', '?'}%n";

    /** What is logged by who found our appender in its place a moment before it was taken out is still written. */
    private static final Duration LATECOMERS = Duration.ofSeconds(1);
    private static final String NAME = "portunus";

    private final LoggerContext context;
    private final Appender<ILoggingEvent> appender;
    private final BoundedDrain<String> drain;
    private final LogbackLevels levels;

    private LogOutput(LoggerContext context, Appender<ILoggingEvent> appender, BoundedDrain<String> drain) {
        this.context = context;
        this.appender = appender;
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

    /**
     * Takes the context over: its boot configuration goes, our appender comes. Where another version of this bundle has its appender there, ours
     * comes before that goes, so that no line is lost, and levels stay as they are.
     */
    static LogOutput install(LoggerContext context, Level root, LineFormat format, OutputStream out) {
        BoundedDrain<String> drain =
            BoundedDrain.start("log-writer", BOUNDS, String::length, new LineSink(out, format, InstantSource.system()));
        QueueAppender appender = new QueueAppender(format, drain);
        List<Appender<ILoggingEvent>> others = ofOtherVersions(context);
        if (others.isEmpty()) {
            replace(context, root, appender);
        } else {
            add(context, appender);
            others.forEach(context.getLogger(Logger.ROOT_LOGGER_NAME)::detachAppender);
        }
        return new LogOutput(context, appender, drain);
    }

    /** By their classes' names, since those are of other loaders. */
    private static List<Appender<ILoggingEvent>> ofOtherVersions(LoggerContext context) {
        List<Appender<ILoggingEvent>> others = new ArrayList<>();
        context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().forEachRemaining(others::add);
        return others.stream().filter(other -> other.getClass().getName().equals(QueueAppender.class.getName())).toList();
    }

    LogbackLevels levels() {
        return levels;
    }

    /** Waits until another version has put its appender in place of ours, or puts a plain console there; then writes what is left. */
    void handOn(Duration atMost) {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        for (long left = atMost.toNanos(); left > 0 && root.isAttached(appender); left -= LOOK_EVERY_NANOS) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        if (root.isAttached(appender)) {
            close();
        } else {
            LockSupport.parkNanos(LATECOMERS.toNanos());
            drain.close();
        }
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
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(root);
        add(context, appender);
    }

    private static void add(LoggerContext context, Appender<ILoggingEvent> appender) {
        appender.setContext(context);
        appender.setName(NAME);
        if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
            console.getEncoder().start();
        }
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }
}
