// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.flow.api.RuleCounts;
import io.portunus.model.ForwardingTable;
import io.portunus.node.api.Post;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the socket as the settings state while it has the post, and gives every reader the same snapshot at each tick. Thread-safe; everything but
 * the readers' own threads happens on one timer.
 */
final class StatsServer implements Post.Holder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatsServer.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final StatsSource source;
    private final Timing timing;
    private final ScheduledThreadPoolExecutor timer;
    private final Future<?> reports;
    /** At most {@link Reception#MAX_READERS} for each reception that is or was open. */
    private final Set<StatsReader> readers = ConcurrentHashMap.newKeySet();

    // From here on confined to the timer.
    private Optional<Post> post = Optional.empty();
    private StatsSettings wished = StatsSettings.OFF;
    private StatsSettings settings = StatsSettings.OFF;
    private Optional<Reception> reception = Optional.empty();
    private Optional<Future<?>> ticks = Optional.empty();
    private Optional<Future<?>> retry = Optional.empty();
    private boolean failureLogged;
    private ForwardingTable helloTable = ForwardingTable.EMPTY;
    private boolean helloSplices;
    private byte[] hello = {};

    /**
     * How long things take.
     *
     * @param writeTimeout how long a reader may take nothing
     * @param retry how long until a socket that could not be made is tried again
     * @param report time between two reports in the log
     */
    record Timing(Duration writeTimeout, Duration retry, Duration report) {
        static final Timing USUAL = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60));
    }

    StatsServer(StatsSource source, Timing timing) {
        this.source = source;
        this.timing = timing;
        // What comes after the end is dropped: it would only work for readers that have gone.
        timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("stats-timer").factory(),
            new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        reports = every(timing.report(), this::report);
    }

    /** Makes the settings those in force, soon: once the post is taken. */
    void apply(StatsSettings next) {
        timer.execute(guarded(() -> {
            wished = next;
            if (post.isPresent()) {
                change(next);
            }
        }));
    }

    /** Begins to open the socket and does not wait for it. */
    @Override
    public void take(Post taken) {
        taken.hinder("the socket is not open yet");
        timer.execute(guarded(() -> {
            post = Optional.of(taken);
            change(wished);
        }));
    }

    /** Lets readers go and removes the file; what cannot be done within some seconds is left. */
    @Override
    public void leave() {
        atLast(() -> {
            post = Optional.empty();
            shut();
        });
    }

    private void change(StatsSettings next) {
        boolean stays = settings.enabled() && next.enabled() && settings.path().equals(next.path());
        settings = next;
        if (!stays) {
            shut();
            if (next.enabled()) {
                open();
            }
        }
        ticks.ifPresent(old -> old.cancel(false));
        ticks = next.enabled() ? Optional.of(every(next.refresh(), this::tick)) : Optional.empty();
        greet(source.table());
        post.ifPresent(its -> its.hinder(next.enabled() && reception.isEmpty() ? "the socket " + next.path() + " cannot be opened" : ""));
    }

    private Future<?> every(Duration time, Runnable task) {
        return timer.scheduleAtFixedRate(guarded(task), time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void open() {
        try {
            reception = Optional.of(new Reception(SocketFile.bind(settings.path()), this::accepted));
            post.ifPresent(its -> its.hinder(""));
            failureLogged = false;
            LOG.atInfo().addKeyValue("event", "standalone.stats_socket_listening").addKeyValue("path", settings.path())
                .addKeyValue("refresh_ms", settings.refresh().toMillis()).log("the statistics can be read");
        } catch (IOException | UnsupportedOperationException e) {
            // Another process that has it may be the one before this one, which goes.
            if ((failureLogged || !(e instanceof SocketFile.TakenException)) && openElsewhere(e)) {
                post.ifPresent(its -> its.hinder(""));
                return;
            }
            if (!failureLogged) {
                LOG.atWarn().addKeyValue("event", "standalone.stats_socket_bind_failed").addKeyValue("path", settings.path())
                    .addKeyValue("error", String.valueOf(e.getMessage()))
                    .log("the statistics cannot be read, and everything else goes on: {}; it is tried again every {} s", e.getMessage(),
                        timing.retry().toSeconds());
            }
            failureLogged = true;
            retry = Optional.of(timer.schedule(guarded(this::open), timing.retry().toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private boolean openElsewhere(Exception usual) {
        if (settings.elsewhere().isEmpty()) {
            return false;
        }
        String path = settings.elsewhere().get().toString();
        try {
            reception = Optional.of(new Reception(SocketFile.bind(path), this::accepted));
            LOG.atWarn().addKeyValue("event", "standalone.stats_socket_moved").addKeyValue("path", path)
                .addKeyValue("error", String.valueOf(usual.getMessage())).log("the statistics are read from a socket in the state folder, as {}",
                    usual.getMessage());
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** On the accepting thread; the hello is the timer's to send, so that it comes before any snapshot. */
    private void accepted(Reception by, SocketChannel channel) {
        timer.execute(guarded(() -> reception.filter(current -> current == by)
            .ifPresentOrElse(current -> join(channel, current), () -> closeQuietly(channel))));
    }

    private void join(SocketChannel channel, Reception current) {
        greetIfChanged();
        StatsReader[] self = new StatsReader[1];
        self[0] = new StatsReader(channel, timer, timing.writeTimeout(), () -> {
            readers.remove(self[0]);
            current.left();
        });
        readers.add(self[0]);
        self[0].start();
        self[0].hello(hello);
        self[0].snapshot(source.snapshot());
    }

    private void tick() {
        greetIfChanged();
        if (!readers.isEmpty()) {
            SnapshotLine line = source.snapshot();
            readers.forEach(reader -> reader.snapshot(line));
        }
    }

    private void greetIfChanged() {
        ForwardingTable table = source.table();
        if (table != helloTable || source.splices() != helloSplices) {
            greet(table);
        }
    }

    private void greet(ForwardingTable table) {
        helloTable = table;
        helloSplices = source.splices();
        hello = source.hello(table, helloSplices, settings.refresh());
        readers.forEach(reader -> reader.hello(hello));
    }

    /** An entry for each rule; nothing is counted for a log that does not take it. */
    private void report() {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        for (RuleCounts rule : source.counts().rules()) {
            LOG.atInfo().addKeyValue("event", "standalone.stats").addKeyValue("rule", rule.ruleId()).addKeyValue("rule_name", rule.rule())
                .addKeyValue("in_bytes", rule.bytesIn()).addKeyValue("out_bytes", rule.bytesOut())
                .addKeyValue("active_conns", rule.connections()).addKeyValue("datagrams_in", rule.datagrams().in())
                .addKeyValue("datagrams_out", rule.datagrams().out()).addKeyValue("active_flows", rule.sessions())
                .addKeyValue("total_conns", rule.total())
                .log("traffic of the rule since the start");
        }
    }

    private void shut() {
        retry.ifPresent(waiting -> waiting.cancel(false));
        reception.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("event", "standalone.stats_accept_error").addKeyValue("reason", String.valueOf(e.getMessage()))
                    .log("the socket file could not be removed");
            }
        });
        reception = Optional.empty();
        failureLogged = false;
        readers.forEach(StatsReader::close);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            // It is gone either way, and nobody knew of it.
            assert !channel.isOpen();
        }
    }

    /** A repeated task that throws would never run again. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException lastResort) {
                LOG.atError().addKeyValue("event", "standalone.stats_internal_error").setCause(lastResort).log("a task of the statistics failed");
            }
        };
    }

    private void atLast(Runnable last) {
        try {
            timer.submit(last).get(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atError().addKeyValue("event", "standalone.stats_internal_error").setCause(e).log("the statistics did not close");
        }
    }

    /** Ends the timer, after {@link #leave}. */
    @Override
    public void close() {
        reports.cancel(false);
        timer.shutdownNow();
    }
}
