// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** The board on a terminal, which is given back as it was at every end. Confined to the main thread, but for what a shut-down does. */
final class TerminalView {
    private static final long KEY_WAIT_MILLIS = 100;
    private static final long RESTORE_WAIT_MILLIS = 1000;
    private final Path socket;
    private final Board board = new Board();
    /** Whether the terminal's size may have changed. Volatile: set by a signal's thread. */
    private volatile boolean resized;

    TerminalView(Path socket) {
        this.socket = socket;
    }

    /** Whether it could be shown; if not, a sentence went to {@code err}. */
    boolean run(PrintStream err) {
        // Who cannot be reached at the beginning is more likely misspelt than restarting.
        try {
            StatsClient.connect(socket).close();
        } catch (IOException e) {
            err.println(StatsClient.complaint(socket, e));
            return false;
        }
        try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(false).jni(false).jna(false).jansi(false).build()) {
            if (terminal.getType().startsWith("dumb") || terminal.getStringCapability(Capability.cursor_address) == null) {
                throw new IOException("its type is " + terminal.getType());
            }
            follow(terminal);
            return true;
        } catch (IOException | IllegalStateException e) {
            err.println("The terminal cannot be used (" + e.getMessage() + "); print the statistics once with: portunus-standalone stats --once");
            return false;
        }
    }

    private void follow(Terminal terminal) throws IOException {
        Screenful screenful = new Screenful(terminal);
        Thread atExit = Thread.ofPlatform().unstarted(screenful::restore);
        Runtime.getRuntime().addShutdownHook(atExit);
        try (Feed feed = new Feed(socket)) {
            terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
            screenful.take();
            feed.start();
            loop(terminal, screenful, feed);
        } finally {
            screenful.restore();
        }
    }

    private void loop(Terminal terminal, Screenful screenful, Feed feed) throws IOException {
        Painter painter = new Painter(StandardCharsets.UTF_8.equals(terminal.encoding()));
        boolean going = true;
        boolean pressed = true;
        while (going) {
            boolean changed = drain(feed) || pressed;
            if (changed || resized) {
                boolean anew = resized;
                // Before the size is asked for, so that no change is missed.
                resized = false;
                Size size = terminal.getSize();
                screenful.show(painter.draw(board, size.getColumns(), size.getRows()), size, anew);
            }
            Optional<Key> key = Key.read(timeout -> terminal.reader().read(timeout), KEY_WAIT_MILLIS);
            pressed = key.isPresent();
            if (pressed) {
                going = board.press(key.get());
            }
        }
    }

    /** Takes what came; whether anything did. */
    private boolean drain(Feed feed) {
        boolean any = false;
        for (Optional<Feed.Event> event = feed.poll(); event.isPresent(); event = feed.poll()) {
            any = true;
            switch (event.get()) {
                case Feed.Event.Came came -> board.take(came.message());
                case Feed.Event.Lost gone -> board.lost(gone.reason());
            }
        }
        return any;
    }

    /** The terminal while it is ours. Thread-safe: a shut-down may give it back while it is drawn. */
    private final class Screenful {
        private final Terminal terminal;
        private final Attributes before;
        /** Knows what the terminal shows, and writes what differs from it. */
        private final Display display;
        private final ReentrantLock lock = new ReentrantLock();
        private final AtomicBoolean ours = new AtomicBoolean();

        Screenful(Terminal terminal) {
            this.terminal = terminal;
            this.before = terminal.getAttributes();
            this.display = new Display(terminal, true);
        }

        /** Keys come one by one and unseen, those that would signal too. */
        void take() {
            ours.set(true);
            terminal.enterRawMode();
            Attributes raw = terminal.getAttributes();
            raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
            terminal.setAttributes(raw);
            terminal.puts(Capability.enter_ca_mode);
            terminal.puts(Capability.keypad_xmit);
            terminal.puts(Capability.cursor_invisible);
            resized = true;
        }

        void show(List<Screen.Line> lines, Size size, boolean anew) {
            lock.lock();
            try {
                if (!ours.get()) {
                    return;
                }
                if (anew) {
                    display.resize(size.getRows(), size.getColumns());
                    display.clear();
                }
                List<AttributedString> styled = new ArrayList<>();
                for (Screen.Line line : lines) {
                    // The last column of the last line stays free: some terminals scroll when it is written.
                    boolean last = styled.size() == lines.size() - 1;
                    styled.add(styled(line, last ? size.getColumns() - 1 : size.getColumns()));
                }
                display.update(styled, 0);
            } finally {
                lock.unlock();
            }
        }

        private static AttributedString styled(Screen.Line line, int columns) {
            AttributedStyle style = switch (line.look()) {
                case PLAIN -> AttributedStyle.DEFAULT;
                case TITLE -> AttributedStyle.INVERSE;
                case HEAD -> AttributedStyle.BOLD;
                case CURSOR -> AttributedStyle.DEFAULT.background(AttributedStyle.BLUE).foreground(AttributedStyle.WHITE);
                case WARNING -> AttributedStyle.BOLD.foreground(AttributedStyle.RED);
            };
            // A character may be two columns wide.
            return new AttributedString(line.text(), style).columnSubSequence(0, columns);
        }

        /** A shut-down does not wait for a terminal that is stopped, as by Ctrl-S. */
        void restore() {
            try {
                if (!lock.tryLock(RESTORE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                if (ours.compareAndSet(true, false)) {
                    terminal.puts(Capability.cursor_visible);
                    terminal.puts(Capability.keypad_local);
                    terminal.puts(Capability.exit_ca_mode);
                    terminal.setAttributes(before);
                    terminal.flush();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
