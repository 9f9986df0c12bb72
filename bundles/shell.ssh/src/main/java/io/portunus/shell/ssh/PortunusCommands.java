// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import io.portunus.node.api.Actor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands of the scope {@code portunus} and no others, as one actor. Gogo finds the command and fits its words; no line reaches Gogo's
 * own interpreter. Confined to one thread.
 */
final class PortunusCommands implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortunusCommands.class);
    private static final String SCOPE = "portunus:";
    /** What the bundle shell has for faces, and no client reaches. */
    private static final String FACE = "shell:";
    /** Variables that the bundle shell reads and writes. */
    private static final String ACTOR = "portunus.actor";
    private static final String REFUSED = "portunus.refused";

    private final CommandSession session;

    PortunusCommands(CommandProcessor processor, Actor by) {
        InputStream nothing = new ByteArrayInputStream(new byte[0]);
        session = processor.createSession(nothing, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        session.put(ACTOR, by);
    }

    /** Runs a line; never throws. An empty line answers an empty text. */
    Answer run(String line) {
        List<String> words;
        try {
            words = CommandLine.words(line);
        } catch (IllegalArgumentException malformed) {
            return new Answer(String.valueOf(malformed.getMessage()), true);
        }
        if (words.isEmpty()) {
            return new Answer("", false);
        }
        String first = words.getFirst();
        String name = first.startsWith(SCOPE) ? first.substring(SCOPE.length()) : first;
        if (!names().contains(name) || !(session.get(SCOPE + name) instanceof Function command)) {
            return unknown(first);
        }
        return lastResort(command, name, List.copyOf(words.subList(1, words.size())));
    }

    private Answer unknown(String typed) {
        Answer sentence = session.get(FACE + "unknown") instanceof Function face ? lastResort(face, "unknown", List.of(typed)) : new Answer("", true);
        return new Answer(sentence.text().isEmpty() ? "there is no such command over SSH" : sentence.text(), true);
    }

    /** What the last of the words may become. */
    List<String> candidates(List<String> words) {
        if (session.get(FACE + "complete") instanceof Function face) {
            try {
                return face.execute(session, List.copyOf(words)) instanceof Collection<?> found ? found.stream().map(String::valueOf).toList()
                    : List.of();
            } catch (Exception lastResort) {
                // A line that cannot be completed is typed on.
                return List.of();
            }
        }
        return List.of();
    }

    /** Every command, sorted. */
    List<String> names() {
        return session.get(".commands") instanceof Collection<?> all
            ? all.stream().map(String::valueOf).filter(n -> n.startsWith(SCOPE)).map(n -> n.substring(SCOPE.length())).sorted().toList()
            : List.of();
    }

    /** The edge of the thread: whatever a command throws, Gogo hands on. */
    private Answer lastResort(Function command, String name, List<Object> words) {
        session.put(REFUSED, "");
        try {
            Object text = command.execute(session, words);
            boolean refused = session.get(REFUSED) instanceof String sentence && !sentence.isEmpty();
            return new Answer(text == null ? "" : text.toString(), refused);
        } catch (Exception defect) {
            LOG.atError().addKeyValue("event", "shell.command_failed").addKeyValue("command", name).setCause(defect)
                .log("a command failed by a defect");
            return new Answer("the command failed by a defect; the log has its trace", true);
        }
    }

    @Override
    public void close() {
        session.close();
    }

    /**
     * What a command answered.
     *
     * @param text without a newline at the end
     * @param refused whether the command was not done
     */
    record Answer(String text, boolean refused) {
        int status() {
            return refused ? 1 : 0;
        }
    }
}
