// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.Signal;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;

/**
 * Reads lines and runs them, with a prompt if the client has a terminal, until {@code exit} or the end of input. Confined to one thread, but
 * for {@link #interrupt}.
 */
final class InteractiveShell {
    /** Lines kept to be called back; they go with the session. */
    static final int MAX_HISTORY = 200;
    /** Widest and highest terminal believed. */
    private static final int MAX_SIZE = 1000;
    /** Types whose capabilities the library brings along; for another it would start a process with a name that the client chose. */
    private static final Set<String> TYPES = Set.of("xterm", "xterm-256color", "screen", "screen-256color", "rxvt", "ansi", "dumb");
    private static final String PROMPT = "portunus> ";

    private final PortunusCommands commands;
    private final SshCommand.Streams streams;
    private final Errands errands;
    private int status;
    private final Object turn = new Object();
    /** Whether a command is waited for; guarded by {@link #turn}, so that an interrupt never meets what comes after it. */
    private boolean atWork;

    InteractiveShell(PortunusCommands commands, SshCommand.Streams streams, Errands errands) {
        this.commands = commands;
        this.streams = streams;
        this.errands = errands;
    }

    /** Runs to the end; answers the status of the last command. */
    int run(Environment environment) throws IOException {
        String type = environment.getEnv().getOrDefault(Environment.ENV_TERM, "");
        if (type.isEmpty()) {
            plain();
            return status;
        }
        try (Terminal terminal = new ExternalTerminal("ssh", TYPES.contains(type) ? type : "ansi", streams.in(), streams.out(), UTF_8)) {
            terminal.setSize(size(environment.getEnv()));
            environment.addSignalListener((channel, signal) -> {
                terminal.setSize(size(environment.getEnv()));
                terminal.raise(Terminal.Signal.WINCH);
            }, Signal.WINCH);
            // Between two prompts Ctrl-C ends the waiting for a command; the prompt itself has the line reader's own meaning for it.
            Thread waiting = Thread.currentThread();
            terminal.handle(Terminal.Signal.INT, signal -> interrupt(waiting));
            environment.addSignalListener((channel, signal) -> interrupt(waiting), Signal.INT);
            prompting(terminal);
        }
        return status;
    }

    private void prompting(Terminal terminal) {
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("portunus").completer(this::complete)
            .variable(LineReader.HISTORY_SIZE, MAX_HISTORY).option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).build();
        // It opens an editor, which opens files.
        reader.getWidgets().remove(LineReader.EDIT_AND_EXECUTE_COMMAND);
        boolean goesOn = true;
        while (goesOn) {
            try {
                String line = reader.readLine(PROMPT);
                errands.begin();
                try {
                    goesOn = line(line, terminal);
                } finally {
                    errands.end();
                }
            } catch (UserInterruptException cancelled) {
                terminal.writer().flush();
            } catch (EndOfFileException end) {
                goesOn = false;
            }
        }
    }

    private void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> words = new ArrayList<>(line.words().subList(0, line.wordIndex()));
        words.add(line.word().substring(0, line.wordCursor()));
        commands.candidates(words).forEach(word -> candidates.add(new Candidate(word)));
    }

    private boolean line(String line, Terminal terminal) {
        if (line.strip().equals("exit")) {
            return false;
        }
        PortunusCommands.Answer answer = run(line);
        status = answer.status();
        if (!answer.text().isEmpty()) {
            terminal.writer().println(answer.text());
        }
        terminal.writer().flush();
        return true;
    }

    private PortunusCommands.Answer run(String line) {
        synchronized (turn) {
            atWork = true;
        }
        try {
            return commands.run(line);
        } finally {
            synchronized (turn) {
                atWork = false;
                // One that came too late is not for the next command.
                Thread.interrupted();
            }
        }
    }

    private void interrupt(Thread waiting) {
        synchronized (turn) {
            if (atWork) {
                waiting.interrupt();
            }
        }
    }

    /** Lines from a pipe: no prompt, refusals to standard error. */
    private void plain() throws IOException {
        for (String line = next(streams.in()); !line.isEmpty() && !line.strip().equals("exit"); line = next(streams.in())) {
            errands.begin();
            try {
                answer(line);
            } finally {
                errands.end();
            }
        }
    }

    private void answer(String line) throws IOException {
        PortunusCommands.Answer answer = commands.run(line);
        status = answer.status();
        if (!answer.text().isEmpty()) {
            var to = answer.refused() ? streams.err() : streams.out();
            to.write((answer.text() + "\n").getBytes(StandardCharsets.UTF_8));
            to.flush();
        }
    }

    /** A line with its newline; empty at the end of input. */
    private static String next(InputStream in) throws IOException {
        byte[] bytes = new byte[CommandLine.MAX_LENGTH + 1];
        int length = 0;
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (length == bytes.length) {
                throw new IOException("a line is too long");
            }
            bytes[length++] = (byte) c;
            if (c == '\n') {
                break;
            }
        }
        return new String(bytes, 0, length, UTF_8);
    }

    private static Size size(Map<String, String> environment) {
        return new Size(number(environment, Environment.ENV_COLUMNS, 80), number(environment, Environment.ENV_LINES, 24));
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String text = environment.getOrDefault(name, "");
        int number = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
        return number == 0 ? otherwise : Math.min(number, MAX_SIZE);
    }
}
