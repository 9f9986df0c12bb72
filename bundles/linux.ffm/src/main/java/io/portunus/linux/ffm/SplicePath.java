// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Opens lanes by splice(2) where this process may and the system does it; logs once why not. Thread-safe; each loop has pipes of its own,
 * which are kept here and not with the thread, so that they go when this version goes.
 */
final class SplicePath implements BulkPath {
    private static final Logger LOG = LoggerFactory.getLogger(SplicePath.class);
    private static final int TRIAL_CHUNKS = 2;

    private final Supplier<PipeLibc> libc;
    private final Map<EventLoop, Pipes> pools = new ConcurrentHashMap<>();
    /** Written once at most after it was made, by whichever loop is refused first. */
    private final AtomicReference<@Nullable Problem> problem;
    /** Volatile: set by whoever deactivates, read on the loops. */
    private volatile boolean retired;

    /**
     * Looks whether it works.
     *
     * @param libc makes one for a thread; not asked when the platform objects
     */
    SplicePath(Platform platform, Supplier<PipeLibc> libc) {
        this.libc = libc;
        Optional<Problem> found = platform.objection().or(this::trial);
        this.problem = new AtomicReference<>(found.orElse(null));
        found.ifPresent(p -> say(platform.disabledByOperator() ? Level.INFO : Level.WARN, p));
    }

    private Optional<Problem> trial() {
        try {
            return SpliceTrial.run(libc.get(), TRIAL_CHUNKS).map(SplicePath::refusal);
        } catch (LinkageError | RuntimeException notLinked) {
            return Optional.of(Platform.problem("libc cannot be called: " + notLinked));
        }
    }

    private static Problem refusal(String what) {
        return Platform.problem(what + "; bulk is copied (a seccomp profile that refuses splice or pipe2 is the usual cause)");
    }

    private static void say(Level level, Problem problem) {
        LOG.atLevel(level).addKeyValue("event", "proxy.splice_unsupported_fallback").addKeyValue("reason", problem.text())
            .log("bulk is copied through the process");
    }

    @Override
    public String name() {
        return "splice";
    }

    @Override
    public Optional<Problem> unavailable() {
        return Optional.ofNullable(problem.get());
    }

    @Override
    public Optional<BulkLane> open(Stream source, Stream sink) {
        if (retired || problem.get() != null || source.descriptor() < 0 || sink.descriptor() < 0) {
            return Optional.empty();
        }
        Pipes pipes = pools.computeIfAbsent(source.loop(), loop -> new Pipes(libc.get(), () -> retired));
        return pipes.available() ? Optional.of(new SpliceLane(source::descriptor, sink::descriptor, pipes, this::refused)) : Optional.empty();
    }

    private void refused(int errno) {
        Problem found = refusal("splice(2) is refused with errno " + errno);
        if (problem.compareAndSet(null, found)) {
            say(Level.WARN, found);
        }
    }

    /** Opens no more lanes and closes the pipes that wait; lanes that are open live on and close theirs. */
    void retire() {
        retired = true;
        pools.forEach((loop, pipes) -> {
            try {
                loop.execute(pipes::drain);
            } catch (RejectedExecutionException ended) {
                // The loop has ended and uses them no more.
                LOG.trace("a loop had ended", ended);
                pipes.drain();
            }
        });
    }
}
