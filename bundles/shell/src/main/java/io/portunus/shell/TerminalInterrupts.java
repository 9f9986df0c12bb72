// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.jline.terminal.Terminal;

/**
 * What Ctrl-C does at the terminal while a command runs. Of ours it ends the waiting, whenever it comes between the line and the answer; Gogo
 * would end its own waiting, too, and print the exception of that. What is not ours ends as Gogo ends it. Thread-safe.
 *
 * <p>It is also the session's prompt: Gogo sets its handler once, after its profile, and asks the prompt for its text before each line.
 */
final class TerminalInterrupts implements Terminal.SignalHandler {
    /** Variables of the session: this, what Gogo does, and Gogo's own. */
    private static final String OURS = "portunus.interrupts";
    private static final String GOGOS = "portunus.interrupts.gogo";
    private static final String PROMPT = "prompt";
    private static final String TERMINAL = ".terminal";

    private final CommandSession session;
    private final Terminal terminal;
    private final String prompt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Thread> waiting = new HashSet<>();
    /** The command that was interrupted before it waited. */
    private Optional<Job> early = Optional.empty();

    private TerminalInterrupts(CommandSession session, Terminal terminal) {
        this.session = session;
        this.terminal = terminal;
        this.prompt = String.valueOf(session.get(PROMPT));
    }

    /** Takes effect with the next prompt, if the session has a terminal. */
    static Optional<TerminalInterrupts> install(CommandSession session) {
        if (!(session.get(TERMINAL) instanceof Terminal terminal)) {
            return Optional.empty();
        }
        TerminalInterrupts interrupts = new TerminalInterrupts(session, terminal);
        session.put(OURS, interrupts);
        session.put(PROMPT, interrupts);
        return Optional.of(interrupts);
    }

    /** Has Ctrl-C interrupt this thread while it waits. */
    static String during(CommandSession session, Supplier<String> wait) {
        return of(session).map(interrupts -> interrupts.during(wait)).orElseGet(wait);
    }

    private static Optional<TerminalInterrupts> of(CommandSession session) {
        return switch (session.get(OURS)) {
            case null -> Optional.empty();
            case TerminalInterrupts interrupts -> Optional.of(interrupts);
            // Of this bundle before it was replaced, which is in force.
            default -> {
                Optional<TerminalInterrupts> ours = install(session);
                ours.ifPresent(TerminalInterrupts::take);
                yield ours;
            }
        };
    }

    private String during(Supplier<String> wait) {
        enter();
        try {
            return wait.get();
        } finally {
            leave();
        }
    }

    private void enter() {
        lock.lock();
        try {
            waiting.add(Thread.currentThread());
            if (early.isPresent() && early.get() == session.foregroundJob()) {
                Thread.currentThread().interrupt();
            }
            early = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            waiting.remove(Thread.currentThread());
            // One that came too late is not for what prints the answer.
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void handle(Terminal.Signal signal) {
        lock.lock();
        try {
            Optional<Job> job = Optional.ofNullable(session.foregroundJob());
            if (!waiting.isEmpty()) {
                waiting.forEach(Thread::interrupt);
            } else if (job.map(Job::command).filter(line -> CommandBook.OURS.begins(line.toString())).isPresent()) {
                early = job;
            } else if (session.get(GOGOS) instanceof Terminal.SignalHandler gogos) {
                gogos.handle(signal);
            }
        } finally {
            lock.unlock();
        }
    }

    private void take() {
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, this);
        if (session.get(GOGOS) == null) {
            session.put(GOGOS, before);
        }
    }

    /** The text of the prompt. */
    @Override
    public String toString() {
        take();
        return prompt;
    }
}
