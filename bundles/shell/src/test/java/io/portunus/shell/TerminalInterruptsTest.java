// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminalInterruptsTest {
    private final CommandSession session = SampleSession.create();
    private final AtomicInteger gogos = new AtomicInteger();
    private Terminal terminal;

    @BeforeEach
    void open() throws IOException {
        terminal = new DumbTerminal(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream());
        session.put(".terminal", terminal);
        session.put("prompt", "g! ");
        TerminalInterrupts.install(session);
        // As Gogo does after its profile.
        terminal.handle(Terminal.Signal.INT, signal -> gogos.incrementAndGet());
        prompted();
    }

    private void prompted() {
        assertThat(session.get("prompt")).hasToString("g! ");
    }

    private static Job job(String line) {
        return (Job) Proxy.newProxyInstance(TerminalInterruptsTest.class.getClassLoader(), new Class<?>[] {Job.class}, (proxy, method, args) -> {
            if (method.getName().equals("command")) {
                return line;
            }
            throw new AssertionError(method);
        });
    }

    private boolean interrupted() {
        return TerminalInterrupts.during(session, () -> Thread.interrupted() ? "yes" : "").equals("yes");
    }

    private boolean interruptedMeanwhile() {
        return TerminalInterrupts.during(session, () -> {
            terminal.raise(Terminal.Signal.INT);
            return Thread.interrupted() ? "yes" : "";
        }).equals("yes");
    }

    @Test
    void endsTheWaitingOfACommand() {
        session.put(SampleSession.JOB, job("each [a b] { upgrade $it }"));

        assertThat(interruptedMeanwhile()).isTrue();
        prompted();
        assertThat(interruptedMeanwhile()).isTrue();
        assertThat(gogos).hasValue(0);
    }

    @Test
    void endsTheWaitingOfACommandThatHadNotBegunToWait() {
        session.put(SampleSession.JOB, job(" portunus:upgrade a.jar"));
        terminal.raise(Terminal.Signal.INT);

        assertThat(interrupted()).isTrue();
        assertThat(interrupted()).isFalse();
        assertThat(gogos).hasValue(0);
    }

    @Test
    void isNotForTheNextCommand() {
        session.put(SampleSession.JOB, job("rules"));
        terminal.raise(Terminal.Signal.INT);
        session.put(SampleSession.JOB, job("rules"));

        assertThat(interrupted()).isFalse();
    }

    @Test
    void isGogosForWhatIsNotOurs() {
        session.put(SampleSession.JOB, job("sleep 100"));
        terminal.raise(Terminal.Signal.INT);
        assertThat(interrupted()).isFalse();
        session.put(SampleSession.JOB, null);
        terminal.raise(Terminal.Signal.INT);

        assertThat(gogos).hasValue(2);
    }

    @Test
    void isOursAgainAfterThisBundleWasReplaced() {
        session.put("portunus.interrupts", "of the one before");
        terminal.handle(Terminal.Signal.INT, signal -> {
            throw new AssertionError(signal);
        });
        session.put(SampleSession.JOB, job("rules"));

        assertThat(interruptedMeanwhile()).isTrue();
        session.put(SampleSession.JOB, job("sleep 100"));
        terminal.raise(Terminal.Signal.INT);
        assertThat(gogos).hasValue(1);
    }

    @Test
    void leavesASessionWithoutATerminalAlone() {
        assertThat(TerminalInterrupts.install(SampleSession.create())).isEmpty();
        assertThat(TerminalInterrupts.during(SampleSession.create(), () -> "text")).isEqualTo("text");
    }
}
