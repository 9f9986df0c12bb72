// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.impl.LineReaderImpl;

/**
 * Makes the shell that Gogo starts on the terminal ours: TAB offers our commands and names, what is no command is a sentence. What it asks
 * it finds by name in the session, so it works on when this bundle is replaced. Confined to the terminal's thread.
 */
final class TerminalFace {
    /** Gogo calls it with the line's words for what it does not find. */
    private static final String DEFAULT = "default";
    private static final String READER = ".reader";

    private TerminalFace() {
    }

    /** Does so for a session with a line reader; another is left as it is. */
    static void install(CommandSession session, TerminalOutput output) {
        if (session.get(READER) instanceof LineReaderImpl reader) {
            reader.setCompleter(new ByName(session));
            session.put(DEFAULT, new Unknown());
            output.use(reader);
            TerminalInterrupts.install(session);
        }
    }

    private static Object ask(CommandSession session, String name, List<Object> words) throws Exception {
        return session.get(FaceCommands.SCOPE + ":" + name) instanceof Function command ? command.execute(session, words) : "";
    }

    /** Answers a command that there is not with what may have been meant. */
    private static final class Unknown implements Function {
        @Override
        public Object execute(CommandSession session, List<Object> words) throws Exception {
            return ask(session, "unknown", words.stream().limit(1).map(String::valueOf).map(Object.class::cast).toList());
        }
    }

    /** Offers ours. Gogo's own are offered to who types one of their scopes. */
    private record ByName(CommandSession session) implements Completer {
        @Override
        public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
            List<Object> words = Stream.concat(line.words().stream().limit(line.wordIndex()),
                Stream.of(line.word().substring(0, line.wordCursor()))).map(Object.class::cast).toList();
            try {
                if (ask(session, "complete", words) instanceof Collection<?> found) {
                    found.forEach(word -> candidates.add(new Candidate(String.valueOf(word))));
                }
            } catch (Exception lastResort) {
                // A line that cannot be completed is typed on.
                return;
            }
            String typed = String.valueOf(words.getLast());
            if (words.size() == 1 && typed.indexOf(':') > 0 && session.get(".commands") instanceof Collection<?> all) {
                all.stream().map(String::valueOf).filter(name -> name.startsWith(typed) && !name.startsWith("portunus:"))
                    .forEach(name -> candidates.add(new Candidate(name)));
            }
        }
    }
}
